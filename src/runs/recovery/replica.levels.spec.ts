import { Databases, runRow } from '../../../test/support/storage/databases.js';
import { QUEUED, RUNNING } from '../../../test/support/storage/replica.claims.js';
import { stores } from '../../../test/support/storage/stores.js';
import { SessionsRepository } from '../../sessions/sessions.repository.js';
import type { Database } from '../../storage/database.js';
import type { RunTable } from '../../storage/schema.js';
import { REPLICA_LEVEL } from './replica.id.js';
import { ReplicaLevels } from './replica.levels.js';

const { jest } = import.meta;

const tenant = 'default';
const NEW = { tenant, session_id: 'new' };

describe.each(stores)('the levels of replicas on $name', (store) => {
  const databases = new Databases(store);
  let database: Database;
  let levels: ReplicaLevels;

  beforeAll(async () => {
    database = await databases.open();
    levels = new ReplicaLevels(database);
  });
  beforeEach(() => addOlder());
  afterEach(async () => {
    for (const table of ['replicas', 'runs', 'sessions'] as const) await database.query.deleteFrom(table).execute();
  });
  afterAll(() => databases.remove());

  async function addOlder(): Promise<void> {
    await database.query.insertInto('replicas').values({ replica_id: 'older', heartbeat_at: 0 }).execute();
  }

  async function removeOlder(): Promise<void> {
    await database.query.deleteFrom('replicas').where('replica_id', '=', 'older').execute();
  }

  async function insert(run_id: string, change: Partial<RunTable>): Promise<void> {
    await database.query
      .insertInto('runs')
      .values({ ...runRow(run_id), session_id: run_id, ...change })
      .execute();
  }

  /** Counts the parked tasks after a look. */
  async function leftByLook(): Promise<number> {
    await levels.release();
    const parked = database.query.selectFrom('runs').select('run_id').where('not_before', 'is not', null);
    return (await parked.execute()).length;
  }

  it('park a task that an older replica would misread', async () => {
    expect(await levels.notBefore(0, NEW)).toBeNull();
    expect(await levels.notBefore(1, NEW)).toBeGreaterThan(Date.now());
    await removeOlder();
    expect(await levels.notBefore(1, NEW)).toBeNull();
  });

  it('park a task in a session that has inherited messages', async () => {
    const sessions = new SessionsRepository(database);
    const of = { tenant, agent_role: 'assistant', end_user: null, created_at: 1, updated_at: 1 };
    const fork = { runId: 'r', endUser: null, openCalls: undefined, sources: [] };
    await database.write(async (transaction) => {
      await sessions.append(transaction, { ...of, session_id: 'plain' }, []);
      await sessions.append(transaction, { ...of, session_id: 'fork' }, [], { fork });
    });
    expect(await levels.notBefore(0, { tenant, session_id: 'plain' })).toBeNull();
    expect(await levels.notBefore(0, { tenant, session_id: 'fork' })).toBeGreaterThan(Date.now());
    await removeOlder();
    expect(await levels.notBefore(0, { tenant, session_id: 'fork' })).toBeNull();
  });

  it('park a task behind a first run that may fork another session', async () => {
    await insert('chat', { ...RUNNING, kind: 'chat', holds_session: 1 });
    await insert('task', { ...RUNNING, holds_session: 1 });
    await insert('over', {});
    expect(await levels.notBefore(0, { tenant, session_id: 'chat' })).toBeGreaterThan(Date.now());
    // It would have been parked itself.
    expect(await levels.notBefore(0, { tenant, session_id: 'task' })).toBeNull();
    expect(await levels.notBefore(0, { tenant, session_id: 'over' })).toBeNull();
  });

  it('release the parked tasks, however late they are stored', async () => {
    const not_before = await levels.notBefore(1, NEW);
    await insert('early', { ...QUEUED, not_before });
    expect(await leftByLook()).toBe(1);
    await removeOlder();
    expect(await leftByLook()).toBe(0);
    expect(await leftByLook()).toBe(0);
    // The insert of another replica may have waited for long.
    const clock = jest.spyOn(performance, 'now').mockReturnValue(performance.now() + 600_000);
    await insert('late', { ...QUEUED, not_before });
    expect(await leftByLook()).toBe(0);
    clock.mockRestore();
  });

  it('release only what is parked', async () => {
    await removeOlder();
    await insert('waits', { ...QUEUED, not_before: Date.now() + 60_000 });
    expect(await leftByLook()).toBe(1);
  });

  it('know whether older replicas live, as of the last look', async () => {
    expect(await levels.look()).toBe(false);
    await removeOlder();
    expect(levels.areRead(REPLICA_LEVEL)).toBe(false);
    await levels.release();
    expect(levels.areRead(REPLICA_LEVEL)).toBe(true);
    await addOlder();
    await levels.release();
    expect(levels.areRead(REPLICA_LEVEL)).toBe(false);
  });

  it('know what the oldest live replica reads', async () => {
    const { query } = database;
    await query.insertInto('replicas').values({ replica_id: 'newest', heartbeat_at: 0, level: 99 }).execute();
    expect(await levels.look()).toBe(false);
    expect([0, 1].map((level) => levels.areRead(level))).toEqual([true, false]);
    await query.updateTable('replicas').set({ level: 1 }).where('replica_id', '=', 'older').execute();
    expect(await levels.look()).toBe(false);
    expect([0, 1, 2].map((level) => levels.areRead(level))).toEqual([true, true, false]);
    await removeOlder();
    expect(await levels.look()).toBe(true);
  });
});
