import { Databases, runRow } from '../../../test/support/storage/databases.js';
import { QUEUED } from '../../../test/support/storage/replica.claims.js';
import { stores } from '../../../test/support/storage/stores.js';
import type { Database } from '../../storage/database.js';
import { ReplicaLevels } from './replica.levels.js';

const { jest } = import.meta;

describe.each(stores)('a task that is stored after the last older replica has gone, on $name', (store) => {
  const databases = new Databases(store);
  let database: Database;
  let nowMs: number;
  /** The replica that stores the tasks, and another one. */
  let here: ReplicaLevels;
  let elsewhere: ReplicaLevels;

  beforeEach(async () => {
    database = await databases.open();
    nowMs = 0;
    [here, elsewhere] = [new ReplicaLevels(database, () => nowMs), new ReplicaLevels(database, () => nowMs)];
  });
  afterAll(() => databases.remove());

  /** Decides about a task while an older replica lives, which then goes away. */
  async function decide(): Promise<number | null> {
    await database.query.insertInto('replicas').values({ replica_id: 'older', heartbeat_at: 0 }).execute();
    const notBefore = await here.notBefore(1);
    await elsewhere.release();
    await database.query.deleteFrom('replicas').where('replica_id', '=', 'older').execute();
    return notBefore;
  }

  async function park(not_before: number | null): Promise<void> {
    const run_id = `at ${nowMs}`;
    await database.query
      .insertInto('runs')
      .values({ ...runRow(run_id), ...QUEUED, session_id: run_id, not_before })
      .execute();
  }

  /** Counts the parked tasks after a look. */
  async function leftBy(levels: ReplicaLevels): Promise<number> {
    await levels.release();
    const parked = database.query.selectFrom('runs').select('run_id').where('not_before', 'is not', null);
    return (await parked.execute()).length;
  }

  const replicas: [string, () => ReplicaLevels][] = [
    ['this replica', () => here],
    ['another replica', () => elsewhere],
  ];

  it.each(replicas)('is released by %s within a minute', async (_, levels) => {
    const notBefore = await decide();
    await levels().release();
    nowMs += 59_000;
    await park(notBefore);
    expect(await leftBy(levels())).toBe(0);
    // Others may follow.
    nowMs += 59_000;
    await park(notBefore);
    expect(await leftBy(levels())).toBe(0);
  });

  it('is released after a look that failed', async () => {
    const notBefore = await decide();
    await here.release();
    nowMs += 59_000;
    const failing = jest.spyOn(database, 'query', 'get').mockImplementation(() => {
      throw new Error('on purpose');
    });
    await expect(here.release()).rejects.toThrow('on purpose');
    failing.mockRestore();
    nowMs += 59_000;
    await park(notBefore);
    expect(await leftBy(here)).toBe(0);
  });

  it('is released by a replica that has started since', async () => {
    const notBefore = await decide();
    nowMs += 600_000;
    const started = new ReplicaLevels(database, () => nowMs);
    await started.release();
    nowMs += 59_000;
    await park(notBefore);
    expect(await leftBy(started)).toBe(0);
  });

  it('is not looked for without end', async () => {
    const notBefore = await decide();
    await here.release();
    nowMs += 61_000;
    await park(notBefore);
    expect(await leftBy(here)).toBe(1);
  });
});
