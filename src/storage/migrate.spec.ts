import { sql } from 'kysely';
import { Databases } from '../../test/support/storage/databases.js';
import { stores } from '../../test/support/storage/stores.js';

const ADDED = { runs: ['blamed_at'], steps: ['attempt', 'deaths'] };

describe.each(stores)('the migration that counts deaths, on $name', (store) => {
  const databases = new Databases(store);
  afterAll(() => databases.remove());

  it('keeps an index that an operator has created beforehand', async () => {
    const url = await databases.newUrl();
    const before = await databases.open(url);
    const { query } = before;
    // The state before the migration, but with the index.
    for (const [table, columns] of Object.entries(ADDED)) {
      for (const column of columns) await query.schema.alterTable(table).dropColumn(column).execute();
    }
    await sql`delete from kysely_migration where name >= '0012'`.execute(query);
    await before.onApplicationShutdown();

    const migrated = await databases.open(url);
    expect(await migrated.query.selectFrom('steps').select(['attempt', 'deaths']).execute()).toEqual([]);
  });
});
