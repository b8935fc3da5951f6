import { stores, type TestDatabase } from '../../test/support/storage/stores.js';
import { Gate, until } from '../../test/support/until.js';
import { HOST_PRINCIPAL } from '../auth/principal.js';
import { Agent, AgentError, Database, type ModelCall, type ModelRequest } from '../index.js';
import { newId } from '../storage/new.id.js';
import { createTestApp, ScriptedModel, type TestApp } from '../testing/index.js';
import { EventLog } from './events/event.log.js';
import type { IdempotencyKey } from './idempotency.js';
import { Transcript } from './loop/transcript.js';
import { ReplicaId } from './recovery/replica.id.js';
import { RunControl } from './recovery/run.control.js';
import type { Run } from './run.js';
import { newRow, type RunRow } from './run.row.js';
import { RunsRepository } from './runs.repository.js';

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

/** Answers nothing until the gate is open. */
class HeldModel extends ScriptedModel {
  readonly gate = new Gate();

  override async *stream(request: ModelRequest, call: ModelCall) {
    await this.gate.opened;
    yield* super.stream(request, call);
  }
}

const TENANT = HOST_PRINCIPAL.tenant;
const CANCELLED = new AgentError('run_cancelled', { detail: 'enough' });
const BROKEN = new AgentError('internal_error');

describe.each(stores)('RunsRepository on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;
  let model: HeldModel;
  let runs: RunsRepository;
  let database: Database;

  beforeAll(async () => {
    place = await store.create();
    model = new HeldModel();
    app = await createTestApp({ model, providers: [AssistantAgent], databaseUrl: place.databaseUrl });
    runs = app.module.get(RunsRepository);
    database = app.module.get(Database);
  });

  afterAll(async () => {
    model.gate.open();
    await app.close();
    await place.drop();
  });

  const idleRow = (given: Partial<RunRow> = {}): RunRow => ({
    ...newRow({
      run_id: newId(),
      tenant: TENANT,
      session_id: newId(),
      agent_role: 'assistant',
      kind: 'task',
      status: 'running',
      attempt: 1,
      owner: null,
      caller: 'host',
      request_id: 'r',
      model: 'scripted',
      created_at: 1,
      started_at: 1,
    }),
    ...given,
  });

  const keyFor = (fingerprint: string): IdempotencyKey => ({
    tenant: TENANT,
    caller: 'host',
    route: 'chat',
    idempotency_key: newId(),
    fingerprint,
  });

  const rowOf = (run_id: string): Promise<RunRow | undefined> =>
    database.query.selectFrom('runs').selectAll().where('run_id', '=', run_id).executeTakeFirst();

  const keysOf = (run_id: string) =>
    database.query.selectFrom('idempotency_keys').select('run_id').where('run_id', '=', run_id).execute();

  const update = (run_id: string, columns: Partial<RunRow>) =>
    database.query.updateTable('runs').set(columns).where('run_id', '=', run_id).execute();

  async function eventTypes(run_id: string): Promise<unknown[]> {
    const rows = await database.query.selectFrom('events').select('body').where('run_id', '=', run_id).execute();
    return rows.flatMap(({ body }) => [...body.matchAll(/"type":"([\w.]+)"/g)].map(([, type]) => type));
  }

  /** Returns a stream that this process runs. Its own end is the last, and the repository refuses it. */
  async function activeRun(): Promise<Run> {
    const session_id = newId();
    void Array.fromAsync(app.runner.stream({ message: 'Hello', session_id })).catch(() => undefined);
    const run = await until('it runs', () => app.module.get(RunControl).holderOf({ tenant: TENANT, session_id }));
    await until('it has started', () => run.events?.isEmpty === false);
    await run.events?.flushed();
    return run;
  }

  function answerOf(run: Run) {
    const transcript = new Transcript([{ role: 'user', content: 'Hello' }]);
    const usage = { inputTokens: 1, outputTokens: 2, cachedTokens: 0, reasoningTokens: 0 };
    const reply = { text: 'Hi.', toolCalls: [], model: 'scripted', usage, isTruncated: false };
    transcript.addReply(reply, { turn: 1, reasoning: [] });
    return { outcome: run.outcome(reply), transcript };
  }

  describe('begin', () => {
    it('stores the run and claims its session', async () => {
      const row = idleRow();
      expect(await runs.begin(row)).toBe('begun');
      expect(await rowOf(row.run_id)).toEqual({ ...row, owner: app.module.get(ReplicaId).id });
      expect(await runs.begin(idleRow({ session_id: row.session_id }))).toBe('busy');
      expect(await runs.begin(idleRow({ session_id: row.session_id, tenant: 'other' }))).toBe('begun');
    });

    it('returns the earlier run with the same key, and stores nothing', async () => {
      const [first, second] = [idleRow(), idleRow()];
      const key = keyFor('a');
      expect(await runs.begin(first, key)).toBe('begun');
      const again = await runs.begin(second, { ...key, fingerprint: 'b' });
      expect(again).toEqual({ run_id: first.run_id, fingerprint: 'a' });
      expect(await rowOf(second.run_id)).toBeUndefined();
    });

    it('claims no key if the session is busy', async () => {
      const holder = idleRow();
      await runs.begin(holder);
      const key = keyFor('a');
      const refused = idleRow({ session_id: holder.session_id });
      expect(await runs.begin(refused, key)).toBe('busy');
      expect(await keysOf(refused.run_id)).toEqual([]);
      expect(await runs.begin(idleRow(), key)).toBe('begun');
    });
  });

  it('knows only the request of a key', async () => {
    const key = keyFor('a');
    expect(await runs.isKnown(undefined)).toBe(false);
    expect(await runs.isKnown(key)).toBe(false);
    await runs.begin(idleRow(), key);
    expect(await runs.isKnown(key)).toBe(true);
    expect(await runs.isKnown({ ...key, fingerprint: 'another body' })).toBe(false);
  });

  it('removes a rejected run with its key, and ends its readers', async () => {
    const row = idleRow();
    await runs.begin(row, keyFor('a'));
    const reading = Array.fromAsync(app.module.get(EventLog).follow(row.run_id, 0));
    await runs.remove(row.run_id, true);
    expect(await reading).toEqual([]);
    expect(await rowOf(row.run_id)).toBeUndefined();
    expect(await keysOf(row.run_id)).toEqual([]);
  });

  describe('end', () => {
    it('stores the outcome, the last event and the turn, and frees the session', async () => {
      const run = await activeRun();
      expect(await runs.end(run, answerOf(run))).toBe('stored');
      expect(await rowOf(run.id)).toMatchObject({ status: 'completed', holds_session: 0, owner: null });
      expect(await eventTypes(run.id)).toContain('run.completed');
      const messages = await database.query
        .selectFrom('messages')
        .select(['role', 'content'])
        .where('run_id', '=', run.id)
        .orderBy('position')
        .execute();
      expect(messages).toEqual([
        { role: 'user', content: 'Hello' },
        { role: 'assistant', content: 'Hi.' },
      ]);
    });

    it('is refused to an older attempt', async () => {
      const run = await activeRun();
      await update(run.id, { attempt: run.attempt + 1 });
      expect(await runs.end(run, answerOf(run))).toBe('lost');
      expect(await runs.end(run, { failure: CANCELLED })).toBe('lost');
      expect(await rowOf(run.id)).toMatchObject({ status: 'running', outcome: null });
      expect(await eventTypes(run.id)).not.toContain('run.completed');
      await update(run.id, { attempt: run.attempt });
      await runs.end(run, { failure: CANCELLED });
    });

    it('is stored once', async () => {
      const run = await activeRun();
      expect(await runs.end(run, { failure: BROKEN })).toBe('stored');
      expect(await runs.end(run, answerOf(run))).toBe('lost');
      expect(await rowOf(run.id)).toMatchObject({ status: 'failed', error: 'internal_error' });
    });

    it('ends a cancelled run only as cancelled', async () => {
      const run = await activeRun();
      // By another replica, so that this process does not notice before the end.
      await update(run.id, { cancel_reason: 'enough', owner: 'elsewhere' });
      expect(await runs.end(run, answerOf(run))).toEqual({ cancelReason: 'enough' });
      expect(await runs.end(run, { failure: BROKEN })).toEqual({ cancelReason: 'enough' });
      expect(await runs.end(run, { failure: CANCELLED })).toBe('stored');
      expect(await rowOf(run.id)).toMatchObject({ status: 'cancelled', error: 'run_cancelled' });
      expect((await eventTypes(run.id)).at(-1)).toBe('run.cancelled');
    });
  });

  describe('endClaimed', () => {
    it('ends the newest attempt at a task, and stores its last event', async () => {
      const row = idleRow({ attempt: 3 });
      await runs.begin(row);
      await runs.endClaimed({ ...row, attempt: 2 }, BROKEN);
      expect(await rowOf(row.run_id)).toMatchObject({ status: 'running' });
      await runs.endClaimed(row, BROKEN);
      expect(await rowOf(row.run_id)).toMatchObject({ status: 'failed', error: 'internal_error', holds_session: 0 });
      expect(await eventTypes(row.run_id)).toEqual(['run.failed']);
    });

    it('ends a task as cancelled if somebody cancelled it meanwhile', async () => {
      const row = idleRow({ cancel_reason: 'enough' });
      await runs.begin(row);
      await runs.endClaimed(row, BROKEN);
      expect(await rowOf(row.run_id)).toMatchObject({ status: 'cancelled', cancel_reason: 'enough' });
      expect(await eventTypes(row.run_id)).toEqual(['run.cancelled']);
    });
  });

  it.each([
    ['frees the key of a chat that failed through no fault of its caller', BROKEN, 'chat', 0],
    ['keeps the key of a chat that its caller must change', new AgentError('guardrail_tripped'), 'chat', 1],
    ['keeps the key of a task', BROKEN, 'task', 1],
  ] as const)('%s', async (_, failure, kind, keys) => {
    const row = idleRow({ kind });
    await runs.begin(row, keyFor('a'));
    await database.write((transaction) => runs.endIdle(row, failure, transaction));
    expect(await keysOf(row.run_id)).toHaveLength(keys);
  });

  it('calls its listeners in the commit that ends a task', async () => {
    const ended: string[] = [];
    runs.onEnd(async ({ run_id, status }, transaction) => {
      ended.push(`${run_id} ${status}`);
      await transaction.updateTable('runs').set({ webhook_url: 'seen' }).where('run_id', '=', run_id).execute();
    });
    const [task, chat] = [idleRow(), idleRow({ kind: 'chat' })];
    for (const row of [task, chat]) {
      await runs.begin(row);
      await database.write((transaction) => runs.endIdle(row, BROKEN, transaction));
    }
    expect(ended).toEqual([`${task.run_id} failed`]);
    expect(await rowOf(task.run_id)).toMatchObject({ webhook_url: 'seen' });
  });

  it('finds a run for its tenant and its end user only', async () => {
    const row = idleRow({ end_user: 'ada', status: 'queued' });
    await runs.begin(row);
    const found = (owner: { tenant: string; endUser?: string }) => runs.find(row.run_id, owner);
    expect(await found({ tenant: TENANT })).toEqual(row);
    expect(await found({ tenant: TENANT, endUser: 'ada' })).toEqual(row);
    expect(await found({ tenant: TENANT, endUser: 'bob' })).toBeUndefined();
    expect(await found({ tenant: 'other' })).toBeUndefined();
  });

  it('deletes what an attempt wrote behind an erasure', async () => {
    const row = idleRow();
    await runs.begin(row);
    await runs.endClaimed(row, BROKEN);
    await runs.deleteRecords(row.run_id);
    expect(await eventTypes(row.run_id)).toEqual([]);
    expect(await rowOf(row.run_id)).toBeDefined();
  });
});
