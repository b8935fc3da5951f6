import { sql } from 'kysely';
import { runRow } from '../../../test/support/storage/databases.js';
import { hasPostgres, postgres, type TestDatabase } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { Agent, Database } from '../../index.js';
import { createTestApp, ScriptedModel, type TestApp } from '../../testing/index.js';
import { Retention } from './retention.js';

const { jest } = import.meta;

const DAY_MS = 86_400_000;

@Agent({ role: 'assistant', description: 'Answers.', instructions: 'Answer.' })
class AssistantAgent {}

let app: TestApp;

afterEach(() => app.close());

async function start(options: object): Promise<void> {
  const model = new ScriptedModel(...Array.from({ length: 500 }, () => 'Hello.'));
  app = await createTestApp({ model, ...options, providers: [AssistantAgent] });
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

  it('rests between its commits as long as they take, and ends with the process', async () => {
    await start({ runTtlDays: 1 });
    const database = app.module.get(Database);
    const ids = Array.from({ length: 400 }, (_, index) => `r${index}`);
    const body = 'x'.repeat(1000);
    await database.write(async (transaction) => {
      for (const run_id of ids) {
        await transaction
          .insertInto('runs')
          .values(Object.assign(runRow(run_id), { finished_at: 1 }))
          .execute();
        const events = Array.from({ length: 20 }, (_, sequence) => ({
          run_id,
          sequence,
          last_sequence: sequence,
          body,
        }));
        await transaction.insertInto('events').values(events).execute();
      }
    });
    const commits: { readonly from: number; readonly to: number }[] = [];
    const write = database.write.bind(database);
    jest.spyOn(database, 'write').mockImplementation(async (...args) => {
      const from = performance.now();
      const result = await write(...args);
      commits.push({ from, to: performance.now() });
      return result;
    });
    const retention = app.module.get(Retention);
    void retention.sweep();
    const left = async () => (await database.query.selectFrom('runs').select('run_id').execute()).length;
    await until('it has begun', async () => (await left()) < ids.length - 100);
    await retention.onModuleDestroy();
    const kept = await left();
    expect(kept).toBeGreaterThan(0);
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(await left()).toBe(kept);

    const longest = commits.toSorted((one, other) => other.to - other.from - (one.to - one.from)).slice(0, 2);
    for (const { from, to } of longest) {
      const next = commits.find((each) => each.from > to)?.from ?? Infinity;
      // Timers may fire a millisecond early.
      expect(next - to).toBeGreaterThanOrEqual(to - from - 2);
    }
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
