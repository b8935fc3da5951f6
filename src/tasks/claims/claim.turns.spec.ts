import { Databases } from '../../../test/support/storage/databases.js';
import { statementsOf } from '../../../test/support/storage/query.plans.js';
import { QUEUED, ReplicaClaims, RUNNING, type TaskToInsert } from '../../../test/support/storage/replica.claims.js';
import { stores } from '../../../test/support/storage/stores.js';

describe.each(stores)('the turns of tenants and callers on $name', (store) => {
  const databases = new Databases(store);
  afterEach(() => databases.remove());

  async function opened(...tasks: readonly TaskToInsert[]): Promise<ReplicaClaims> {
    const claims = new ReplicaClaims(await databases.open());
    if (tasks.length > 0) await claims.insert(...tasks);
    return claims;
  }

  it('lets tenants take turns, and resumed tasks go first', async () => {
    const task = (tenant: string, run_id: string, created_at: number): TaskToInsert => ({
      ...QUEUED,
      tenant,
      run_id,
      created_at,
    });
    const tasks = await opened(
      task('a', 'a1', 1),
      task('a', 'a2', 2),
      task('a', 'a3', 3),
      task('b', 'b1', 1),
      task('b', 'b2', 2),
      task('c', 'c1', 1),
      { ...task('a', 'a-resumed', 9), attempt: 4 },
      { ...task('b', 'waiting', 1), attempt: 1, not_before: Date.now() + 60_000 },
    );
    const ids = await tasks.claimAll();
    expect(ids.filter((id) => id.startsWith('a'))).toEqual(['a-resumed', 'a1', 'a2', 'a3']);
    expect(new Set(ids.slice(0, 3).map((id) => id.at(0)))).toEqual(new Set(['a', 'b', 'c']));
    expect(new Set(ids.slice(3, 5).map((id) => id.at(0)))).toEqual(new Set(['a', 'b']));
    expect(ids).toHaveLength(7);
  });

  it('passes over a tenant whose first tasks wait for one session, and finds the task behind them', async () => {
    const waiting = Array.from({ length: 1200 }, (_, at) => ({
      ...QUEUED,
      session_id: 'held',
      run_id: `w${at}`,
      created_at: at,
    }));
    const tasks = await opened({ ...RUNNING, run_id: 'holder', session_id: 'held' }, ...waiting.slice(0, 600), {
      ...QUEUED,
      run_id: 'other',
      tenant: 'zoo',
      created_at: 5000,
    });
    await tasks.insert(...waiting.slice(600), { ...QUEUED, run_id: 'behind', created_at: 5000 });
    expect(await tasks.claimAll()).toEqual(['other']);
    expect(await tasks.findNext(undefined, true)).toBe('behind');
    expect(await tasks.findNext(undefined, true)).toBe('behind');
    expect(await tasks.claim('behind', undefined)).toMatchObject({ run_id: 'behind' });
    expect(await tasks.findNext(undefined, true)).toBeUndefined();
  });

  it('claims the tasks of a tenant in their order, although it has more than are read', async () => {
    const tasks = await opened();
    await tasks.insertMany(150);
    expect(await tasks.claimTurns(60)).toEqual(Array.from({ length: 60 }, (_, index) => `many-${index}`));
  });

  it('lets a tenant have its turn whose first tasks wait for one session, although others have tasks', async () => {
    const task = (tenant: string, index: number): TaskToInsert => ({
      ...QUEUED,
      tenant,
      run_id: `${tenant}-${index}`,
      created_at: index,
    });
    const tasks = await opened(
      { ...RUNNING, tenant: 'b', run_id: 'holder', session_id: 'held' },
      ...Array.from({ length: 60 }, (_, index) => ({ ...task('b', index), session_id: 'held' })),
      task('b', 100),
      ...['a', 'c'].flatMap((tenant) => Array.from({ length: 20 }, (_, index) => task(tenant, index))),
    );
    expect((await tasks.claimTurns(6)).slice(0, 3)).toContain('b-100');
  });

  it('finds tasks of other callers at once behind 60,000 of a caller at its cap, in turn', async () => {
    const tasks = await opened(
      { ...RUNNING, run_id: 'r1', caller: 'busy' },
      { ...RUNNING, run_id: 'r2', caller: 'busy' },
      ...['ada', 'zoe'].flatMap((caller) =>
        [1, 2, 3].map((index) =>
          Object.assign({ run_id: `${caller}-${index}`, caller, created_at: 90_000 + index }, QUEUED),
        ),
      ),
    );
    await tasks.insertMany(60_000, 'busy');
    const statements = await statementsOf(() => tasks.findNext(2));
    expect(statements.length).toBeLessThan(5);
    expect(await tasks.claimTurns(4, 2)).toEqual(['zoe-1', 'ada-1', 'zoe-2', 'ada-2']);
  });

  it('gives no turn to tenants all of whose tasks are parked', async () => {
    const parked = Array.from({ length: 120 }, (_, index) => ({
      ...QUEUED,
      tenant: `t${index}`,
      run_id: `parked${index}`,
      not_before: 8_640_000_000_000_000,
    }));
    const ahead = { ...QUEUED, run_id: 'ahead', tenant: 'zoo', created_at: Date.now() + 60_000 };
    const tasks = await opened(...parked, { ...QUEUED, run_id: 'ready', tenant: 'zoo' }, ahead);
    for (const run_id of ['ready', 'ahead']) {
      expect(await tasks.findNext(undefined)).toBe(run_id);
      expect(await tasks.claim(run_id, undefined)).toMatchObject({ run_id });
    }
    expect(await tasks.findNext(undefined)).toBeUndefined();
  });

  it('hides nothing behind parked tasks', async () => {
    const parked = Array.from({ length: 60 }, (_, index) => ({
      ...QUEUED,
      run_id: `parked${index}`,
      not_before: 8_640_000_000_000_000,
    }));
    const tasks = await opened(...parked);
    const statements = await statementsOf(() => tasks.findNext(undefined));
    expect(statements.filter(({ sql }) => /"(caller|session_id)" >/.test(sql))).toEqual([]);
  });

  it('looks at every tenant, although most can run nothing', async () => {
    const blocked = Array.from({ length: 120 }, (_, index) => ({
      ...QUEUED,
      tenant: `t${index}`,
      run_id: `blocked${index}`,
      not_before: Date.now() + 60_000,
      attempt: 1,
    }));
    const tasks = await opened(...blocked, { ...QUEUED, run_id: 'ready', tenant: 'zoo' });
    expect(await tasks.findNext(undefined)).toBe('ready');
    expect(await tasks.findNext(undefined)).toBe('ready');
    expect(await tasks.claim('ready', undefined)).toMatchObject({ run_id: 'ready' });
    expect(await tasks.findNext(undefined)).toBeUndefined();
  });
});
