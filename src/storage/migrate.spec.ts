import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { Databases } from '../../test/support/storage/databases.js';
import { sqlite, stores } from '../../test/support/storage/stores.js';

/** The columns that this migration and later ones add. */
const ADDED = {
  messages: ['provider_data'],
  runs: ['blamed_at', 'has_events', 'not_before', 'failures', 'has_effects', 'effect_key', 'retry_of'],
  steps: ['attempt', 'deaths', 'inherited'],
};

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

describe('a migration of an SQLite file', () => {
  const databases = new Databases(sqlite);
  afterAll(() => databases.remove());

  it('leaves nothing behind if it fails', async () => {
    const url = await databases.newUrl();
    const file = new DatabaseSync(url.slice('file:'.length));
    file.exec('create table webhooks (of_another_program text)');
    await expect(databases.open(url)).rejects.toThrow('The tables could not be migrated.');
    expect(file.prepare("select name from sqlite_master where name in ('sessions', 'runs', 'webhooks')").all()).toEqual(
      [{ name: 'webhooks' }],
    );
    file.exec('drop table webhooks');
    file.close();
    expect(await (await databases.open(url)).query.selectFrom('webhooks').selectAll().execute()).toEqual([]);
  });

  it('is not attempted for current tables while another program writes', async () => {
    const url = await databases.newUrl();
    await (await databases.open(url)).onApplicationShutdown();
    const file = new DatabaseSync(url.slice('file:'.length));
    file.exec('begin immediate');
    expect(await (await databases.open(url)).query.selectFrom('runs').selectAll().execute()).toEqual([]);
    file.close();
  });
});
