import { type Answer, send } from '../../../test/support/clients/client.js';
import { expectError } from '../../../test/support/clients/expect-error.js';
import { TestSocket } from '../../../test/support/clients/socket.js';
import { type Json, objects, string } from '../../../test/support/json.js';
import { ApiHost } from '../../../test/support/service/api.host.js';
import { sqlite, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { Agent, AgentRunnerService, type Scope, Tool } from '../../index.js';
import { ScriptedModel } from '../../testing/index.js';

const API = '/api/v1/agent';
const APPROVE = { decision: 'approve' } as const;

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

let database: TestDatabase;
let host: ApiHost;

async function start(requireApprovalsScope?: boolean): Promise<void> {
  database = await sqlite.create();
  const turn = ({ messages }: { messages: readonly { role: string }[] }) =>
    messages.at(-1)?.role === 'tool' ? 'Done.' : [{ tool: 'pay' }];
  const model = new ScriptedModel(...Array.from({ length: 40 }, () => turn));
  const options = { model, databaseUrl: database.databaseUrl, requireApprovalsScope };
  host = await ApiHost.start('api-key', options, [PayingAgent]);
}

afterEach(async () => {
  await host.close();
  await database.drop();
});

const headersOf = (...scopes: Scope[]) => host.headersOf({ scopes });

/** Submits a task and waits until it needs an approval. */
async function waiting(): Promise<{ task_id: string; approval_id: string }> {
  const headers = await headersOf('tasks');
  const { body } = await send(host, `POST ${API}/tasks`, { headers, body: { message: 'Pay' } });
  const task_id = string(body.task_id);
  const approval = await until('it waits', async () => {
    const { body: task } = await send(host, `GET ${API}/tasks/${task_id}`, { headers });
    return task.status === 'waiting_approval' && objects(task.pending_approvals)[0];
  });
  return { task_id, approval_id: string(approval.approval_id) };
}

describe('credentials without the scope tasks', () => {
  it('neither read, follow nor cancel a task by the routes of runs', async () => {
    await start();
    const { task_id } = await waiting();
    const [chat, both] = [await headersOf('chat'), await headersOf('chat', 'tasks')];
    const events = `${API}/runs/${task_id}/events`;
    const calls = [`GET ${API}/runs/${task_id}`, `GET ${events}`, `GET ${events.replace('v1', 'v2')}`];
    for (const call of [...calls, `POST ${API}/runs/${task_id}/cancel`]) {
      expectError(await send(host, call, { headers: chat }), 404, 'run_not_found');
    }
    expect((await send(host, `POST ${API}/runs/${task_id}/cancel`, { headers: both })).status).toBe(202);
    for (const call of calls.slice(1)) expect((await send(host, call, { headers: both })).status).toBe(200);
  });

  it('neither follow nor cancel a task over a WebSocket', async () => {
    await start();
    const { task_id } = await waiting();
    const socket = await TestSocket.open(host, { headers: await headersOf('chat') });
    socket.send({ type: 'subscribe', id: 'run', run_id: task_id });
    expect(await socket.error('run')).toMatchObject({ error: 'run_not_found' });
    socket.send({ type: 'subscribe', id: 'task', task_id });
    expect(await socket.error('task')).toMatchObject({ error: 'forbidden' });
    socket.send({ type: 'cancel', id: 'cancel', run_id: task_id });
    expect(await socket.error('cancel')).toMatchObject({ error: 'run_not_found' });
    socket.ws.close();
  });

  it('still follow and cancel streams of their tenant', async () => {
    await start();
    const { runId } = await host.app
      .get(AgentRunnerService)
      .begin({ message: 'Pay' }, { principal: { tenant: 'acme', id: 'key:1' } });
    const headers = await headersOf('chat');
    expect((await send(host, `POST ${API}/runs/${runId}/cancel`, { headers })).status).toBe(202);
    expect((await send(host, `GET ${API}/runs/${runId}/events`, { headers })).status).toBe(200);
  });
});

describe('decisions', () => {
  async function decide(kind: 'runs' | 'tasks', headers: Record<string, string>): Promise<Answer> {
    const { task_id, approval_id } = await waiting();
    return await send(host, `POST ${API}/${kind}/${task_id}/approvals/${approval_id}`, { headers, body: APPROVE });
  }

  async function decideBySocket(headers: Record<string, string>): Promise<Json> {
    const { task_id: run_id, approval_id } = await waiting();
    const socket = await TestSocket.open(host, { headers });
    socket.send({ type: 'approve', id: 'a', run_id, approval_id, ...APPROVE });
    const [frame] = await until('it is answered', () => socket.under('a').length > 0 && socket.under('a'));
    socket.ws.close();
    return frame ?? {};
  }

  it('need only the scope of their route by default, or approvals', async () => {
    await start();
    expect((await decide('runs', await headersOf('chat'))).status).toBe(200);
    expect((await decide('tasks', await headersOf('tasks'))).status).toBe(200);
    for (const kind of ['runs', 'tasks'] as const)
      expect((await decide(kind, await headersOf('approvals'))).status).toBe(200);
    expect(await decideBySocket(await headersOf('chat'))).toMatchObject({ type: 'run.state' });
  });

  it('need the scope approvals over every entry point, if the option requires it', async () => {
    await start(true);
    const missing = 'These credentials lack the scope approvals.';
    for (const [kind, scope] of [
      ['runs', 'chat'],
      ['tasks', 'tasks'],
    ] as const) {
      const answer = await decide(kind, await headersOf(scope));
      expectError(answer, 403, 'forbidden');
      expect(answer.body.detail).toBe(missing);
      for (const enough of ['approvals', 'admin'] as const) {
        const headers = await host.headersOf({ scopes: [enough] });
        expect((await decide(kind, headers)).status).toBe(200);
      }
    }
    const refused = await decideBySocket(await headersOf('chat', 'tasks'));
    expect(refused).toMatchObject({ type: 'error', error: { error: 'forbidden', detail: missing } });
    expect(await decideBySocket(await headersOf('chat', 'approvals'))).toMatchObject({ type: 'run.state' });
    const own = await send(host, `GET ${API}/approvals`, { headers: await headersOf('tasks') });
    expect(own.status).toBe(200);
  });
});
