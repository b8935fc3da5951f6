import { type Answer, send } from '../../../test/support/clients/client.js';
import { expectError } from '../../../test/support/clients/expect-error.js';
import { TestSocket } from '../../../test/support/clients/socket.js';
import { type Json, objects, parseObject, string } from '../../../test/support/json.js';
import { ApiHost } from '../../../test/support/service/api.host.js';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { Agent, AgentRunnerService, AuditService, type Scope, TasksService, Tool } from '../../index.js';
import { ScriptedModel } from '../../testing/index.js';

const API = '/api/v1/agent';
const REQUESTER: readonly Scope[] = ['chat', 'tasks', 'approvals'];
const APPROVE = { decision: 'approve' } as const;

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: { by: 'another' } })
  pay(): string {
    return 'paid';
  }

  @Tool({ description: 'Sends', needsApproval: true })
  mail(): string {
    return 'sent';
  }
}

type Headers = Record<string, string>;

describe.each(stores)('a tool that needs the approval of another person, on $name', (store) => {
  let database: TestDatabase;
  let host: ApiHost;

  async function start(auth: 'api-key' | 'jwt'): Promise<void> {
    database = await store.create();
    const turn = ({ messages }: { messages: readonly { role: string; content: string }[] }) => {
      const last = messages.at(-1);
      return last?.role === 'tool' ? 'Done.' : [{ tool: last?.content ?? '' }];
    };
    const model = new ScriptedModel(...Array.from({ length: 40 }, () => turn));
    host = await ApiHost.start(auth, { model, databaseUrl: database.databaseUrl }, [PayingAgent]);
  }

  afterEach(async () => {
    await host.close();
    await database.drop();
  });

  async function submit(headers: Headers, message = 'pay') {
    const { body } = await send(host, `POST ${API}/tasks`, { headers, body: { message } });
    const task_id = string(body.task_id);
    const approval = await until('it waits', async () => {
      const { body: task } = await send(host, `GET ${API}/tasks/${task_id}`, { headers });
      return task.status === 'waiting_approval' && objects(task.pending_approvals)[0];
    });
    return { task_id, approval_id: string(approval.approval_id), approval };
  }

  const decide = (kind: 'runs' | 'tasks', id: string, approvalId: string, headers: Headers): Promise<Answer> =>
    send(host, `POST ${API}/${kind}/${id}/approvals/${approvalId}`, { headers, body: APPROVE });

  const waitingFor = async (headers: Headers): Promise<Json[]> =>
    objects((await send(host, `GET ${API}/approvals`, { headers })).body.items);

  it('is refused to the requester over every entry point, and is marked as such', async () => {
    await start('api-key');
    const headers = await host.headersOf({ scopes: REQUESTER, user: 'ada' });
    const { task_id, approval_id, approval } = await submit(headers);
    expect(approval).toMatchObject({ tool: 'pay', by: 'another' });
    expect(await waitingFor(headers)).toMatchObject([{ run_id: task_id, by: 'another' }]);
    const run = await send(host, `GET ${API}/runs/${task_id}`, { headers });
    expect(run.body.pending_approvals).toEqual([approval]);

    for (const kind of ['runs', 'tasks'] as const) {
      const answer = await decide(kind, task_id, approval_id, headers);
      expectError(answer, 403, 'approval_by_requester');
    }
    const socket = await TestSocket.open(host, { headers });
    socket.send({ type: 'subscribe', id: 'events', run_id: task_id });
    expect(await socket.frame('events', 'approval.required')).toMatchObject({ approval_id, by: 'another' });
    socket.send({ type: 'approve', id: 'decide', run_id: task_id, approval_id, decision: 'approve' });
    expect(await socket.error('decide')).toMatchObject({ error: 'approval_by_requester' });
    socket.ws.close();

    // The same end user behind another key, and the same key without an end user, may be the same person.
    const { authorization = '' } = headers;
    for (const same of [await host.headersOf({ scopes: REQUESTER, user: 'ada' }), { authorization }]) {
      expectError(await decide('tasks', task_id, approval_id, same), 403, 'approval_by_requester');
    }
    const bob = { ...headers, 'x-end-user': 'bob' };
    expectError(await decide('tasks', task_id, approval_id, bob), 404, 'task_not_found');
    const another = await decide('tasks', task_id, approval_id, await host.headersOf({ scopes: ['approvals'] }));
    expect(another.status).toBe(200);
  });

  it('is refused to the host for its own runs, and to an operator for theirs', async () => {
    await start('api-key');
    const [runner, tasks] = [host.app.get(AgentRunnerService), host.app.get(TasksService)];
    const { runId, events } = await runner.begin({ message: 'pay' }, {});
    const iterator = (events ?? fail())[Symbol.asyncIterator]();
    let asked: Json | undefined;
    while (asked === undefined) {
      const next = await iterator.next();
      if (next.done === true) return fail();
      asked = next.value.map(({ data }) => parseObject(data)).find(({ type }) => type === 'approval.required');
    }
    expect(asked.by).toBe('another');
    const approvalId = string(asked.approval_id);
    const key = { runId, approvalId };
    await expect(runner.decide(key, APPROVE)).rejects.toMatchObject({ code: 'approval_by_requester', status: 403 });
    const other = { tenant: 'default', id: 'user:eve' };
    expect(await runner.decide(key, APPROVE, other)).toMatchObject({ status: 'running' });

    const operator = await host.headersOf({ tenant: 'ops', scopes: ['admin'] });
    const { task_id, approval_id } = await submit(operator);
    expectError(await decide('tasks', task_id, approval_id, operator), 403, 'approval_by_requester');
    const named = `POST ${API}/tasks/${task_id}/approvals/${approval_id}?tenant=ops`;
    expectError(await send(host, named, { headers: operator, body: APPROVE }), 403, 'approval_by_requester');
    await expect(tasks.decide(task_id, approval_id, APPROVE, { tenant: 'ops', id: 'user:eve' })).resolves.toBeDefined();
  });

  it('is given by a colleague whose token has the scope approvals, and the audit tells who it was', async () => {
    await start('jwt');
    const [ada, bob, eve] = [
      await host.headersOf({ scopes: REQUESTER, user: 'ada' }),
      await host.headersOf({ scopes: ['approvals', 'tasks'], user: 'bob' }),
      await host.headersOf({ scopes: ['chat', 'tasks'], user: 'eve' }),
    ];
    const { task_id, approval_id } = await submit(ada);
    expectError(await decide('tasks', task_id, approval_id, ada), 403, 'approval_by_requester');
    for (const headers of [eve, await host.headersOf({ tenant: 'other', scopes: ['approvals'], user: 'bob' })]) {
      expect(await waitingFor(headers)).toEqual([]);
      expectError(await decide('tasks', task_id, approval_id, headers), 404, 'task_not_found');
      expectError(await decide('runs', task_id, approval_id, headers), 404, 'run_not_found');
    }

    expect(await waitingFor(bob)).toMatchObject([{ run_id: task_id, end_user: 'ada', by: 'another' }]);
    const decided = await decide('tasks', task_id, approval_id, bob);
    expect(decided.status).toBe(200);
    expect(decided.body.task_id).toBe(task_id);
    // A repeat by the same person is the same decision.
    expect((await decide('runs', task_id, approval_id, bob)).status).toBe(200);
    await until('it has ended', async () => {
      const { body } = await send(host, `GET ${API}/tasks/${task_id}`, { headers: ada });
      return body.status === 'completed' && body.result !== undefined;
    });
    const repeated = await decide('tasks', task_id, approval_id, bob);
    expect(repeated.body).toMatchObject({ task_id, status: 'completed' });
    expect(repeated.body).not.toHaveProperty('result');

    const audit = host.app.get(AuditService);
    const [entry] = (await audit.list({ limit: 1, tenant: 'acme', action: 'approval.decided' })).items;
    const [ofAda] = (await audit.list({ limit: 1, tenant: 'acme', endUser: 'ada' })).items;
    expect(ofAda).toEqual(entry);
    expect(entry?.details).toEqual({
      approval_id,
      tool: 'pay',
      decision: 'approve',
      decided_by: expect.stringMatching(/^subject:/),
    });
    expect(entry?.actor).toBe(entry?.details.decided_by);
    expect(entry?.details.decided_by).not.toBe(`subject:${entry?.subject}`);
  });

  it('has the pseudonym of the end user of a key in the audit', async () => {
    await start('api-key');
    const ada = await host.headersOf({ scopes: ['tasks'], user: 'ada' });
    const { task_id, approval_id, approval } = await submit(ada, 'mail');
    expect(approval).toEqual({ approval_id, tool: 'mail', arguments: {} });
    expect((await decide('tasks', task_id, approval_id, ada)).status).toBe(200);
    const [entry] = (await host.app.get(AuditService).list({ limit: 1, action: 'approval.decided' })).items;
    expect(entry?.actor).toMatch(/^key:/);
    expect(entry?.details.decided_by).toBe(`subject:${entry?.subject}`);
  });
});

function fail(): never {
  throw new Error('The run has no events.');
}
