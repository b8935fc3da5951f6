import { stat } from 'node:fs/promises';
import { Databases, insertRun, runIds } from '../../test/support/storage/databases.js';
import { sqlite } from '../../test/support/storage/stores.js';
import { tablesAge } from '../storage/migrate.js';

describe('the database of a test application', () => {
  const databases = new Databases(sqlite);
  afterEach(() => databases.remove());

  it('has all tables, rows of its own, and is private', async () => {
    const urls = [await databases.newUrl(), await databases.newUrl()] as const;
    const { mode } = await stat(urls[0].slice('file:'.length));
    expect(mode & 0o777).toBe(0o600);

    const [database, other] = [await databases.open(urls[0]), await databases.open(urls[1])];
    expect(await tablesAge(database.query)).toBe('current');
    await insertRun(database, 'a');
    expect([await runIds(database), await runIds(other)]).toEqual([['a'], []]);
  });
});
