import { sql } from 'kysely';
import { runRow } from '../../../test/support/storage/databases.js';
import { hasPostgres, postgres, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, Database } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { Retention } from './retention.js';
import { Sweep } from './sweep.js';

const DAY_MS = 86_400_000;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

let app: TestApp;

afterEach(() => app.close());

async function start(options: object): Promise<void> {
  const model = new ScriptedModel(...Array.from({ length: 500 }, () => 'Hello.'));
  app = await createTestApp({ model, ...options, providers: [AssistantAgent] });
  // The sweep of the start would remove old rows that a test adds meanwhile.
  await app.module.get(Retention).sweep();
}

async function counts(): Promise<number[]> {
  const { query } = app.module.get(Database);
  const tables = ['runs', 'events', 'idempotency_keys', 'messages'] as const;
  return await Promise.all(tables.map(async (table) => (await query.selectFrom(table).selectAll().execute()).length));
}

describe('retention', () => {
  it('deletes expired runs with their events and keys, and keeps messages', async () => {
    await start({ runTtlDays: 2 });
    for (let index = 0; index < 201; index++) {
      await Array.fromAsync(app.runner.stream({ message: 'Hi', session_id: `s${index}` }));
    }
    await app.runner.run({ message: 'Hi' }, { idempotencyKey: 'k' });
    const retention = app.module.get(Retention);
    const [runs, events, keys, messages] = await counts();
    expect([runs, keys, messages]).toEqual([202, 1, 404]);
    expect(events).toBeGreaterThanOrEqual(201);

    await retention.sweep(Date.now() + 2 * DAY_MS - 60_000);
    expect(await counts()).toEqual([runs, events, 0, messages]);

    await retention.sweep(Date.now() + 2 * DAY_MS + 60_000);
    expect(await counts()).toEqual([0, 0, 0, messages]);
  });

  it('rests between its commits as long as they take', async () => {
    await start({});
    const times: { readonly from: number; readonly to: number }[] = [];
    await new Sweep(app.module.get(Database), new AbortController().signal).inBatches(async () => {
      const from = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 20));
      times.push({ from, to: performance.now() });
      return times.length < 4;
    });
    expect(times).toHaveLength(4);
    for (const [index, { from }] of times.entries()) {
      const earlier = times[index - 1];
      // Timers may fire a millisecond early.
      if (earlier) expect(from - earlier.to).toBeGreaterThanOrEqual(earlier.to - earlier.from - 2);
    }
  });

  it('ends after its current commit when the process stops', async () => {
    await start({ runTtlDays: 1 });
    const database = app.module.get(Database);
    const ids = Array.from({ length: 400 }, (_, index) => `r${index}`);
    await database.write(async (transaction) => {
      const rows = ids.map((id) => Object.assign(runRow(id), { finished_at: 1 }));
      await transaction.insertInto('runs').values(rows).execute();
    });
    const left = async () => (await database.query.selectFrom('runs').select('run_id').execute()).length;
    const retention = app.module.get(Retention);
    void retention.sweep();
    await until('it has begun', async () => (await left()) < ids.length);
    await retention.onModuleDestroy();
    const kept = await left();
    expect(kept).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await left()).toBe(kept);
  });

  it('deletes expired sessions if configured, but not during a run in them', async () => {
    await start({ sessionTtlDays: 1 });
    await app.runner.run({ message: 'Hi', session_id: 'old' });
    await app.runner.run({ message: 'Hi', session_id: 'busy' });
    const { query } = app.module.get(Database);
    await query.updateTable('runs').set({ finished_at: null }).where('session_id', '=', 'busy').execute();

    await app.module.get(Retention).sweep(Date.now() + 2 * DAY_MS);

    expect(await query.selectFrom('sessions').select('session_id').execute()).toEqual([{ session_id: 'busy' }]);
  });

  it('deletes expired sessions of every tenant', async () => {
    await start({ sessionTtlDays: 1 });
    const of = (tenant: string) => ({ principal: { ...HOST_PRINCIPAL, tenant } });
    for (const tenant of ['a', 'b', 'c']) await app.runner.run({ message: 'Hi', session_id: 's' }, of(tenant));
    const { query } = app.module.get(Database);
    const now = Date.now() + 2 * DAY_MS;
    await query.updateTable('sessions').set({ updated_at: now }).where('tenant', '=', 'b').execute();

    await app.module.get(Retention).sweep(now);

    expect(await query.selectFrom('sessions').select('tenant').execute()).toEqual([{ tenant: 'b' }]);
  });
});

(hasPostgres ? describe : describe.skip)('retention on several replicas', () => {
  let place: TestDatabase;

  beforeAll(async () => (place = await postgres.create()));
  afterAll(() => place.drop());

  it('leaves the runs that another replica deletes at the moment', async () => {
    await start({ runTtlDays: 1, databaseUrl: place.databaseUrl });
    const { query } = app.module.get(Database);
    const ids = ['a', 'b', 'c'];
    await query
      .insertInto('runs')
      .values(ids.map((id) => Object.assign(runRow(id), { finished_at: 1 })))
      .execute();
    const idsOf = async () => (await query.selectFrom('runs').select('run_id').execute()).map(({ run_id }) => run_id);
    await query.transaction().execute(async (other) => {
      await other.selectFrom('runs').select('run_id').where('run_id', '=', 'b').forUpdate().execute();
      await app.module.get(Retention).sweep();
      expect(await idsOf()).toEqual(['b']);
    });
    await app.module.get(Retention).sweep();
    expect(await idsOf()).toEqual([]);
  });

  it('is done by one replica at a time', async () => {
    await start({ runTtlDays: 1, sessionTtlDays: 1, databaseUrl: place.databaseUrl });
    const { query } = app.module.get(Database);
    const left = async () =>
      await Promise.all(
        (['runs', 'sessions'] as const).map((table) => query.selectFrom(table).select('session_id').execute()),
      );
    await query.transaction().execute(async (other) => {
      await sql`select pg_advisory_xact_lock(hashtext('rookery.sweep'))`.execute(other);
      const row = Object.assign(runRow('a'), { finished_at: 1, session_id: 'old' });
      await query.insertInto('runs').values(row).execute();
      const session = { tenant: 'default', session_id: 'old', agent_role: 'assistant', end_user: null };
      await query
        .insertInto('sessions')
        .values({ ...session, message_count: 0, created_at: 1, updated_at: 1 })
        .execute();
      await app.module.get(Retention).sweep();
      expect(await left()).toEqual([[{ session_id: 'old' }], [{ session_id: 'old' }]]);
    });
    await app.module.get(Retention).sweep();
    expect(await left()).toEqual([[], []]);
  });
});
