import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type Answer, send } from '../../../test/support/clients/client.js';
import { expectError } from '../../../test/support/clients/expect-error.js';
import { type Json, objects, string } from '../../../test/support/json.js';
import { stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { Agent, AgentModule, AgentRunnerService, Database, KeysService, type Scope, Tool } from '../../index.js';
import { ScriptedModel } from '../../testing/index.js';
import { ApprovalExpiry } from '../recovery/approval.expiry.js';

const API = '/api/v1/agent';
const HOUR_MS = 3_600_000;

@Agent({ role: 'assistant', description: 'Pays.', instructions: 'Pay.' })
class PayingAgent {
  @Tool({ description: 'Pays', needsApproval: true })
  pay(): string {
    return 'paid';
  }
}

describe.each(stores)('GET /approvals on $name', (store) => {
  let database: TestDatabase;
  let app: NestFastifyApplication;
  let host: { url: string };

  beforeAll(async () => {
    database = await store.create();
    const turn = ({ messages }: { messages: readonly { content: string }[] }) =>
      messages.at(-1)?.content === 'Pay' ? [{ tool: 'pay' }] : 'Done.';
    const model = new ScriptedModel(...Array.from({ length: 40 }, () => turn));
    const { databaseUrl } = database;
    const options = { model, databaseUrl, auth: 'api-key', approvalTimeoutHours: 2 } as const;
    const module = await Test.createTestingModule({
      imports: [AgentModule.forRoot(options)],
      providers: [PayingAgent],
    }).compile();
    app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
    await app.listen(0, '127.0.0.1');
    host = { url: await app.getUrl() };
  });

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  async function headersOf(tenant: string, scopes: Scope[], endUser?: string): Promise<Record<string, string>> {
    const { key } = await app.get(KeysService).create({ name: 'test', tenant, scopes }, 'host');
    return { authorization: `Bearer ${key}`, ...(endUser ? { 'x-end-user': endUser } : {}) };
  }

  const list = (headers: Record<string, string>, query = ''): Promise<Answer> =>
    send(host, `GET ${API}/approvals${query}`, { headers });

  const idsOf = async (headers: Record<string, string>): Promise<unknown[]> =>
    objects((await list(headers)).body.items).map(({ run_id }) => run_id);

  /** Submits a task and waits until it is suspended. */
  async function waiting(headers: Record<string, string>): Promise<Json> {
    const { body } = await send(host, `POST ${API}/tasks`, { headers, body: { message: 'Pay' } });
    return await until('it waits', async () => {
      const found = await send(host, `GET ${API}/tasks/${string(body.task_id)}`, { headers });
      return found.body.status === 'waiting_approval' && found.body;
    });
  }

  it('lists the waiting calls of the tenant by age, also those of streams, until they are decided', async () => {
    const owner = await headersOf('acme', ['chat', 'tasks'], 'ada');
    const approver = await headersOf('acme', ['approvals']);
    const [first, second] = [await waiting(owner), await waiting(await headersOf('acme', ['tasks']))];
    const runner = app.get(AgentRunnerService);
    const principal = { tenant: 'acme', id: 'key:streams' };
    const { runId, events } = await runner.begin({ message: 'Pay' }, { principal });
    const page = await until('all wait', async () => {
      const answer = await list(approver);
      return objects(answer.body.items).length === 3 && answer;
    });
    const { created_at } = objects(page.body.items)[0] ?? {};
    const expiresAt = new Date(Date.parse(string(created_at)) + 2 * HOUR_MS).toISOString();
    expect(page.status).toBe(200);
    expect(page.body).toEqual({
      items: [
        {
          approval_id: objects(first.pending_approvals)[0]?.approval_id,
          run_id: first.task_id,
          task_id: first.task_id,
          tool: 'pay',
          arguments: {},
          agent_role: 'assistant',
          session_id: first.session_id,
          end_user: 'ada',
          created_at: expect.any(String),
          expires_at: expiresAt,
        },
        expect.objectContaining({ run_id: second.task_id, task_id: second.task_id }),
        expect.objectContaining({ run_id: runId, expires_at: expect.any(String) }),
      ],
      next_cursor: null,
    });
    expect(objects(page.body.items)[2]).not.toHaveProperty('task_id');

    const seen: unknown[] = [];
    for (let query = '?limit=2'; query !== '';) {
      const { body } = await list(approver, query);
      seen.push(...objects(body.items).map(({ run_id }) => run_id));
      query = body.next_cursor === null ? '' : `?limit=2&cursor=${string(body.next_cursor)}`;
    }
    expect(seen).toEqual([first.task_id, second.task_id, runId]);

    for (const { run_id, approval_id } of objects(page.body.items)) {
      const path = `POST ${API}/runs/${string(run_id)}/approvals/${string(approval_id)}`;
      expect((await send(host, path, { headers: approver, body: { decision: 'reject' } })).status).toBe(200);
    }
    await Array.fromAsync(events ?? []);
    expect((await list(approver)).body.items).toEqual([]);
  });

  it('lists only their own to callers without the scope approvals, and none of another tenant', async () => {
    const [ada, bob] = [await headersOf('bank', ['tasks'], 'ada'), await headersOf('bank', ['chat', 'tasks'], 'bob')];
    const [ofAda, ofBob] = [await waiting(ada), await waiting(bob)];
    expect(await idsOf(ada)).toEqual([ofAda.task_id]);
    expect(await idsOf({ ...ada, 'x-end-user': 'bob' })).toEqual([]);
    expect(await idsOf(bob)).toEqual([ofBob.task_id]);
    expect(await idsOf(await headersOf('bank', ['chat']))).toEqual([]);
    expect(await idsOf(await headersOf('bank', ['approvals'], 'bob'))).toEqual([ofBob.task_id]);
    expect(await idsOf(await headersOf('bank', ['approvals']))).toEqual([ofAda.task_id, ofBob.task_id]);
    expect(await idsOf(await headersOf('other', ['approvals']))).toEqual([]);
    const operator = await list(await headersOf('other', ['admin']), '?tenant=bank');
    expect(objects(operator.body.items)).toHaveLength(2);
    expectError(await list(await headersOf('bank', ['sessions:read'])), 403, 'forbidden');
    expectError(await list(ada, '?cursor=x'), 422, 'validation_failed');
    expectError(await list(ada, '?limit=0'), 422, 'validation_failed');
  });

  it('shows a decision on a task to callers that may only decide, but not the outcome of the task', async () => {
    const [owner, approver] = [await headersOf('shop', ['tasks']), await headersOf('shop', ['approvals'])];
    const task = await waiting(owner);
    const approval = string(objects(task.pending_approvals)[0]?.approval_id);
    const call = `POST ${API}/tasks/${string(task.task_id)}/approvals/${approval}`;
    const decide = (headers: Record<string, string>) => send(host, call, { headers, body: { decision: 'approve' } });
    expect((await decide(approver)).status).toBe(200);
    const read = await until('it has ended', async () => {
      const { body } = await send(host, `GET ${API}/tasks/${string(task.task_id)}`, { headers: owner });
      return body.status === 'completed' && body;
    });
    expect(read).toHaveProperty('result');

    const { result: _, ...shown } = read;
    const again = await decide(approver);
    expect([again.status, again.body]).toEqual([200, shown]);
    expectError(await send(host, `GET ${API}/tasks/${string(task.task_id)}`, { headers: approver }), 403, 'forbidden');
  });

  it('lists an approval that an older replica has stored, within a minute', async () => {
    const owner = await headersOf('old', ['tasks']);
    const { task_id } = await waiting(owner);
    const { query } = app.get(Database);
    await query.updateTable('approvals').set({ tenant: null }).where('run_id', '=', string(task_id)).execute();
    expect(await idsOf(owner)).toEqual([]);
    await app.get(ApprovalExpiry, { strict: false }).sweep();
    expect(await idsOf(owner)).toEqual([task_id]);
  });
});
