import { Databases, runRow } from '../../test/support/storage/databases.js';
import { QUEUED, RUNNING } from '../../test/support/storage/replica.claims.js';
import { stores } from '../../test/support/storage/stores.js';
import { TasksRepository } from './tasks.repository.js';

describe.each(stores)('TasksRepository on $name', (store) => {
  const databases = new Databases(store);
  afterEach(() => databases.remove());

  it('counts the queued tasks, and finds the oldest', async () => {
    const database = await databases.open();
    const rows = [
      { ...runRow('r'), status: 'running', finished_at: null, created_at: 1 },
      { ...runRow('a'), ...QUEUED, created_at: 5 },
      { ...runRow('b'), ...QUEUED, created_at: 3 },
    ] as const;
    await database.query.insertInto('runs').values(rows).execute();
    expect(await new TasksRepository(database).backlog()).toEqual({ queued: 2, oldestAt: 3 });
  });

  it('requeues a task that was cancelled meanwhile without a wait, so that it ends soon', async () => {
    const database = await databases.open();
    const rows = [
      { ...runRow('cancelled'), ...RUNNING, session_id: 'a', cancel_reason: 'Enough.' },
      { ...runRow('failed'), ...RUNNING, session_id: 'b' },
    ];
    await database.query.insertInto('runs').values(rows).execute();
    const tasks = new TasksRepository(database);
    for (const { run_id } of rows) expect(await tasks.requeue(run_id, 1, 0, 60_000)).toBe(true);
    const stored = database.query.selectFrom('runs').select(['status', 'not_before']).orderBy('run_id');
    expect(await stored.execute()).toEqual([
      { status: 'queued', not_before: null },
      { status: 'queued', not_before: expect.any(Number) },
    ]);
  });
});
