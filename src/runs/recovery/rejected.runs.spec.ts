import { randomUUID } from 'node:crypto';
import { hasPostgres, postgres, stores, type TestDatabase } from '../../../test/support/storage/stores.js';
import { TcpProxy } from '../../../test/support/servers/tcp.proxy.js';
import { Gate, until } from '../../../test/support/until.js';
import { Agent, AgentError, Database, Guardrail, type GuardedText } from '../../index.js';
import { ClaimLoop } from '../../tasks/claims/claim.loop.js';
import { ClaimsRepository } from '../../tasks/claims/claims.repository.js';
import { TasksService } from '../../tasks/tasks.service.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { OrphanedRuns } from './orphaned.runs.js';
import { Retention } from '../retention/retention.js';
import { RunsRepository } from '../runs.repository.js';
import type { SessionPolicy } from '../runs.options.js';

const { jest } = import.meta;

const REFUSED = 'A bomb';
let whenAsked: () => unknown = () => undefined;

class NoBombs extends Guardrail {
  override async checkInput({ text }: GuardedText): Promise<string | undefined> {
    await whenAsked();
    return text === REFUSED ? 'That is not talked about here.' : undefined;
  }
}

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.', guardrails: [NoBombs] })
class GuardedAgent {}

const start = (databaseUrl: string, sessionPolicy?: SessionPolicy): Promise<TestApp> =>
  createTestApp({ model: new ScriptedModel('Hello.'), providers: [GuardedAgent, NoBombs], databaseUrl, sessionPolicy });

/** Repeats a chat with the session and the key until it gets an answer. */
async function answered(app: TestApp, session_id: string, idempotencyKey: string): Promise<string> {
  const { reply } = await until('the session and the key are free', async () => {
    try {
      return await app.runner.run({ message: 'Hi', session_id }, { idempotencyKey });
    } catch (failure) {
      if (!(failure instanceof AgentError)) return undefined;
      expect(['session_busy', 'idempotency_key_in_use', 'idempotency_key_reused']).toContain(failure.code);
      return undefined;
    }
  });
  return reply;
}

const runsOf = async (app: TestApp): Promise<unknown[]> =>
  await app.module.get(Database).query.selectFrom('runs').select(['status', 'error']).execute();

describe.each(stores)('a refused run that cannot be removed at once, on $name', (store) => {
  let place: TestDatabase;
  let app: TestApp;

  beforeEach(async () => {
    place = await store.create();
    app = await start(place.databaseUrl);
    await app.module.get(Retention).sweep();
  });
  afterEach(async () => {
    whenAsked = () => undefined;
    await app.close();
    await place.drop();
  });

  it('frees its session and its key as soon as it can be removed', async () => {
    const [session_id, idempotencyKey] = [randomUUID(), randomUUID()];
    const full = new Error('database or disk is full');
    jest.spyOn(app.module.get(RunsRepository), 'remove').mockRejectedValueOnce(full).mockRejectedValueOnce(full);
    const refused = app.runner.run({ message: REFUSED, session_id }, { idempotencyKey });
    await expect(refused).rejects.toMatchObject({ code: 'guardrail_tripped' });

    expect(await answered(app, session_id, idempotencyKey)).toBe('Hello.');
    expect(await runsOf(app)).toEqual([{ status: 'completed', error: null }]);
  });

  it('leaves no event if it was recovered as unowned meanwhile', async () => {
    const { query } = app.module.get(Database);
    jest.spyOn(app.module.get(RunsRepository), 'remove').mockImplementationOnce(async (runId) => {
      const row = await query.selectFrom('runs').selectAll().where('run_id', '=', runId).executeTakeFirstOrThrow();
      await app.module.get(OrphanedRuns).recover(row);
      expect(await query.selectFrom('events').select('run_id').execute()).toEqual([{ run_id: runId }]);
      throw new Error('disk is full');
    });
    const refused = app.runner.stream({ message: REFUSED }).next();
    await expect(refused).rejects.toMatchObject({ code: 'guardrail_tripped' });
    await until('it is removed', async () => (await runsOf(app)).length === 0);
    expect(await query.selectFrom('events').select('run_id').execute()).toEqual([]);
  });

  it('frees its session too if its caller has left', async () => {
    const [session_id, caller] = [randomUUID(), new AbortController()];
    whenAsked = () => caller.abort();
    jest.spyOn(app.module.get(RunsRepository), 'remove').mockRejectedValueOnce(new Error('disk is full'));
    const left = app.runner.run({ message: 'Hi', session_id }, { signal: caller.signal });
    await expect(left).rejects.toMatchObject({ code: 'client_closed_request' });
    whenAsked = () => undefined;
    expect(await answered(app, session_id, randomUUID())).toBe('Hello.');
  });

  it('is removed at the shutdown of the service', async () => {
    const withdraw = jest.spyOn(app.module.get(RunsRepository), 'remove').mockRejectedValue(new Error('disk is full'));
    const refused = app.runner.run({ message: REFUSED, session_id: randomUUID() });
    await expect(refused).rejects.toMatchObject({ code: 'guardrail_tripped' });
    withdraw.mockRestore();
    await app.module.close();
    const left = await Database.open(place.databaseUrl);
    expect(await left.query.selectFrom('runs').select('run_id').execute()).toEqual([]);
    await left.onApplicationShutdown();
  });

  it('wakes the task that waits for its session, at whichever try it is removed', async () => {
    await app.close();
    app = await start(place.databaseUrl, 'queue');
    const [tasks, repository] = [app.module.get(TasksService), app.module.get(ClaimsRepository)];
    // The reconciler would find the task too, but later.
    jest.spyOn(ClaimLoop.prototype, 'wakeThoroughly').mockResolvedValue();
    const claim = jest.spyOn(repository, 'claim');
    const runs = app.module.get(RunsRepository);
    const [session_id, gate, withdraw] = [randomUUID(), new Gate(), runs.remove.bind(runs)];
    const spy = jest.spyOn(runs, 'remove').mockRejectedValueOnce(new Error('disk is full'));
    spy.mockImplementationOnce(async (...about) => {
      await gate.opened;
      await withdraw(...about);
    });
    const refused = app.runner.run({ message: REFUSED, session_id });
    await expect(refused).rejects.toMatchObject({ code: 'guardrail_tripped' });

    const { task } = await tasks.submit({ message: 'Hi', session_id });
    await until('the task finds its session held', () => claim.mock.results.length > 0);
    expect(await claim.mock.results[0]?.value).toBeUndefined();
    gate.open();
    const status = async () => (await tasks.get(task.task_id)).status;
    await until('the task has ended', async () => (await status()) === 'completed');
  });
});

(hasPostgres ? describe : describe.skip)('a run that is refused while PostgreSQL is away', () => {
  let place: TestDatabase;
  let proxy: TcpProxy;
  let app: TestApp;

  beforeEach(async () => {
    place = await postgres.create();
    const url = new URL(place.databaseUrl);
    proxy = await TcpProxy.to(Number(url.port));
    url.port = `${proxy.port}`;
    app = await start(url.href);
  });
  afterEach(async () => {
    whenAsked = () => undefined;
    proxy.mend();
    await app.close();
    await proxy.close();
    await place.drop();
  });

  it('is answered, and frees its session and its key once PostgreSQL is back', async () => {
    const [session_id, idempotencyKey] = [randomUUID(), randomUUID()];
    whenAsked = () => proxy.cut();
    const refused = app.runner.run({ message: REFUSED, session_id }, { idempotencyKey });
    await expect(refused).rejects.toMatchObject({ code: 'guardrail_tripped' });

    whenAsked = () => undefined;
    proxy.mend();
    expect(await answered(app, session_id, idempotencyKey)).toBe('Hello.');
  });
});
