import { sql } from 'kysely';
import { Databases } from '../../test/support/storage/databases.js';
import { itOnPostgres, stores } from '../../test/support/storage/stores.js';
import type { Database } from '../storage/database.js';
import type { Work } from '../storage/engine.js';
import type { UsageTable } from '../storage/tables/usage.schema.js';
import { UsageCompaction } from './usage.compaction.js';
import { type UsageGroupRow, UsageRepository } from './usage.repository.js';

const NOW = Date.parse('2026-06-15T12:00:00Z');
const SUMS = { runs: 1, input_tokens: 10, cached_tokens: 1, output_tokens: 2, reasoning_tokens: 1, cost: 3 };
/** More callers than a batch has. */
const CALLERS = Array.from({ length: 120 }, (_, index) => `user-${index}`);

describe.each(stores)('the compaction of usage, on $name', (store) => {
  const databases = new Databases(store);
  let url: string;
  let database: Database;

  beforeEach(async () => {
    url = await databases.newUrl();
    database = await databases.open(url);
  });
  afterEach(() => database.onApplicationShutdown());
  afterEach(() => databases.remove());

  const row = (day: string, change: Partial<UsageTable> = {}): UsageTable => ({
    ...SUMS,
    tenant: 'acme',
    day,
    caller: 'user-0',
    role: 'assistant',
    model: 'm',
    replica_id: '',
    ...change,
  });

  const insert = (rows: UsageTable[]) =>
    database.write((transaction) => transaction.insertInto('usage').values(rows).execute());

  const rows = (): Promise<UsageTable[]> => database.query.selectFrom('usage').selectAll().orderBy('day').execute();

  const days = async (): Promise<string[]> => [...new Set((await rows()).map(({ day }) => day))];

  const inBatches = async (work: Work<boolean>): Promise<void> => {
    while (await database.write(work));
  };

  /** The usage of a tenant from January to June, by each group but the day. */
  async function reports(): Promise<UsageGroupRow[][]> {
    const usage = new UsageRepository(database);
    const range = { tenant: 'acme', from: '2026-01-01', to: '2026-06-30' } as const;
    const groups = ['key', 'role', 'model'] as const;
    return await Promise.all(groups.map((groupBy) => usage.report({ ...range, groupBy })));
  }

  async function addDays(): Promise<void> {
    for (const day of ['2026-01-01', '2026-01-02', '2026-01-31', '2026-02-28', '2026-03-01', '2026-06-14']) {
      await insert(CALLERS.map((caller) => row(day, { caller })));
    }
    await insert([
      row('2026-01-05', { model: 'other', replica_id: 'gone' }),
      row('2026-01-05', { model: 'other' }),
      row('2026-02-03', { tenant: 'beta' }),
    ]);
  }

  it('folds months that ended a quarter ago, and keeps every sum', async () => {
    await addDays();
    const before = await reports();
    const compaction = new UsageCompaction(database);
    await compaction.foldMonths(NOW, inBatches);
    expect(await days()).toEqual(['2026-01-01', '2026-02-01', '2026-03-01', '2026-06-14']);
    expect(await reports()).toEqual(before);
    expect((await rows()).filter(({ tenant }) => tenant === 'beta')).toEqual([row('2026-02-01', { tenant: 'beta' })]);
    const january = (await rows()).filter(({ day, caller }) => day === '2026-01-01' && caller === 'user-0');
    expect(Object.fromEntries(january.map(({ model, runs, cost }) => [model, [runs, cost]]))).toEqual({
      m: [3, 9],
      other: [2, 6],
    });
    // The next month has another first day that stays.
    await compaction.foldMonths(NOW + 30 * 86_400_000, inBatches);
    expect(await days()).toEqual(['2026-01-01', '2026-02-01', '2026-03-01', '2026-06-14']);
    expect(await reports()).toEqual(before);
  });

  it('has the same sums if it is stopped after any batch, and continues later', async () => {
    await addDays();
    const before = await reports();
    for (let stopped = 0; (await days()).length > 4 && stopped < 50; stopped++) {
      await new UsageCompaction(database).foldMonths(NOW, async (work) => void (await database.write(work)));
      expect(await reports()).toEqual(before);
    }
    expect(await days()).toHaveLength(4);
  });

  it('merges the rows of dead replicas for past days, and no others', async () => {
    await database.write((transaction) =>
      transaction.insertInto('replicas').values({ replica_id: 'alive', heartbeat_at: NOW }).execute(),
    );
    const gone = CALLERS.map((caller) => row('2026-06-14', { caller, replica_id: 'gone' }));
    const today = row('2026-06-15', { replica_id: 'gone' });
    const alive = row('2026-06-14', { replica_id: 'alive' });
    await insert([...gone, today, alive, row('2026-06-14')]);
    await new UsageCompaction(database).mergeReplicas(NOW, inBatches);
    const merged = await rows();
    expect(merged).toHaveLength(CALLERS.length + 2);
    expect(merged).toEqual(
      expect.arrayContaining([
        today,
        alive,
        row('2026-06-14', {
          runs: 2,
          input_tokens: 20,
          cached_tokens: 2,
          output_tokens: 4,
          reasoning_tokens: 2,
          cost: 6,
        }),
      ]),
    );
  });

  itOnPostgres(store, 'moves each row once if two replicas do it', async () => {
    const other = await databases.open(url);
    await addDays();
    const before = await reports();
    const both = [database, other].map((each) =>
      new UsageCompaction(each).foldMonths(NOW, async (work) => {
        while (await each.write(work));
      }),
    );
    await Promise.all(both);
    await new UsageCompaction(database).foldMonths(NOW, inBatches);
    expect(await days()).toHaveLength(4);
    expect(await reports()).toEqual(before);
    await other.onApplicationShutdown();
  });

  itOnPostgres(store, 'hides no row from the erasure of its caller', async () => {
    await insert([row('2026-01-02'), row('2026-01-03', { replica_id: 'gone' })]);
    const usage = new UsageRepository(database);
    const compaction = new UsageCompaction(database);
    const within = (work: Work<boolean>) => database.query.transaction().execute(work);
    let erased: Promise<boolean> | undefined;
    await compaction.mergeReplicas(NOW, async (work) => {
      await within(async (transaction) => {
        await work(transaction);
        erased = database.write((other) => usage.forget(other, 'acme', 'user-0'));
        await sql`select pg_sleep(0.05)`.execute(transaction);
        return false;
      });
    });
    await erased;
    expect((await rows()).map(({ caller }) => caller)).toEqual(['erased', 'erased']);

    // An erasure that comes first is not disturbed either.
    await within(async (transaction) => {
      await usage.forget(transaction, 'acme', 'nobody');
      await compaction.foldMonths(NOW, inBatches);
      return false;
    });
    expect(await days()).toEqual(['2026-01-02', '2026-01-03']);
    await compaction.foldMonths(NOW, inBatches);
    expect(await days()).toEqual(['2026-01-01']);
  });
});
