import { Databases, runRow } from '../../test/support/storage/databases.js';
import { stores } from '../../test/support/storage/stores.js';
import { TasksRepository } from './tasks.repository.js';

const QUEUED = { kind: 'task', status: 'queued', attempt: 0, finished_at: null } as const;

describe.each(stores)('TasksRepository on $name', (store) => {
  const databases = new Databases(store);
  afterAll(() => databases.remove());

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
});
