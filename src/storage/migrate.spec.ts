import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { Databases } from '../../test/support/storage/databases.js';
import { emptySqlite, stores } from '../../test/support/storage/stores.js';
import { isRevokedCaller } from '../auth/key.revocation.js';
import { Transcript } from '../runs/loop/transcript.js';
import type { MessageRow } from '../sessions/message.row.js';
import { MessagesRepository } from '../sessions/messages.repository.js';
import { SessionsRepository } from '../sessions/sessions.repository.js';
import type { Database } from './database.js';
import { MIGRATIONS } from './migrations/index.js';

/** The first migration that the release before does not have. */
const FIRST_NEW = '0014';

/** Makes the tables as they were before a migration. */
async function makeTablesBefore(name: string, { query, dialect }: Database): Promise<void> {
  if (dialect === 'postgres') await sql`drop schema public cascade; create schema public`.execute(query);
  else {
    const tables = await query.introspection.getTables({ withInternalKyselyTables: true });
    for (const table of tables) await query.schema.dropTable(table.name).execute();
  }
  const earlier = Object.fromEntries(Object.entries(MIGRATIONS).filter(([each]) => each < name));
  const { error } = await new Migrator({
    db: query,
    provider: { getMigrations: () => Promise.resolve(earlier) },
  }).migrateToLatest();
  if (error !== undefined) throw error;
}

describe.each(stores)('the migration that counts deaths, on $name', (store) => {
  const databases = new Databases(store);
  afterEach(() => databases.remove());

  it('keeps an index that an operator has created beforehand', async () => {
    const url = await databases.newUrl();
    const before = await databases.open(url);
    await makeTablesBefore('0012', before);
    await before.query.schema
      .createIndex('runs_suspects')
      .on('runs')
      .columns(['status', 'crashes'])
      .where(sql<boolean>`finished_at is null and crashes >= 2`)
      .execute();
    await before.onApplicationShutdown();

    const migrated = await databases.open(url);
    expect(await migrated.query.selectFrom('steps').select(['attempt', 'deaths']).execute()).toEqual([]);
  });
});

describe.each(stores)('the migration about tasks of revoked keys, on $name', (store) => {
  const databases = new Databases(store);
  afterEach(() => databases.remove());

  it('leaves the tasks of keys that were revoked earlier', async () => {
    const url = await databases.newUrl();
    const before = await databases.open(url);
    await makeTablesBefore('0024', before);
    await sql`insert into api_keys (key_id, hash, name, tenant, scopes, created_at, created_by, revoked_at)
      values ('old', 'h', 'n', 'acme', 'tasks', 1, 'test', 2)`.execute(before.query);
    await before.onApplicationShutdown();

    const migrated = await databases.open(url);
    expect(await isRevokedCaller({ tenant: 'acme', caller: 'key:old' }, migrated.query)).toBe(false);
    const keys = migrated.query.selectFrom('api_keys').select(['tasks_kept', 'runs_ended_at']);
    expect(await keys.execute()).toEqual([{ tasks_kept: 1, runs_ended_at: 2 }]);
  });
});

describe.each(stores)('a replica of the release before, on $name', (store) => {
  const databases = new Databases(store);
  afterEach(() => databases.remove());

  const KEY = { tenant: 'default', session_id: 's' };
  const PROVIDER_DATA = { source: 'http://x/v1 chat', data: { reasoning_content: 'Hm.' } };
  const REASONING = JSON.stringify([{ part: 0, text: 'Hm.' }]);

  /** A row of the release before. */
  const rowOf = (position: number): Omit<MessageRow, 'provider_data' | 'reasoning'> => ({
    ...KEY,
    message_id: String(position),
    run_id: `run-${position >> 1}`,
    position,
    role: position % 2 === 0 ? 'user' : 'assistant',
    content: `message ${position}`,
    tool: null,
    call_id: null,
    tool_calls: null,
    parts: null,
    tokens: 1,
    created_at: position,
  });

  async function insert(database: Database, ...positions: number[]): Promise<void> {
    await database.write(async (transaction) => {
      for (const position of positions) await transaction.insertInto('messages').values(rowOf(position)).execute();
    });
  }

  it('shares its sessions with this release', async () => {
    const url = await databases.newUrl();
    const before = await databases.open(url);
    await makeTablesBefore(FIRST_NEW, before);
    await insert(before, 0, 1);
    // Only one process may use an SQLite file.
    if (store.name === 'sqlite') await before.onApplicationShutdown();
    const after = await databases.open(url);
    const older = store.name === 'sqlite' ? after : before;

    const session = { ...KEY, agent_role: 'assistant', end_user: null, created_at: 0, updated_at: 1 };
    const sessions = new SessionsRepository(after);
    const rows = [
      { ...rowOf(2), provider_data: null, reasoning: null },
      { ...rowOf(3), provider_data: JSON.stringify(PROVIDER_DATA), reasoning: REASONING },
    ];
    await after.write((transaction) => sessions.append(transaction, session, rows));
    await insert(older, 4, 5);

    const read = await older.query.selectFrom('messages').selectAll().orderBy('position').execute();
    expect(read).toMatchObject([0, 1, 2, 3, 4, 5].map(rowOf));
    const transcript = new Transcript([{ role: 'user', content: 'And now?' }]);
    transcript.prependHistory([], await new MessagesRepository(after).window(KEY, 100));
    const expected = [0, 1, 2, 3, 4, 5].map(rowOf).map(({ role, content }) => ({ role, content }));
    Object.assign(expected[3] ?? {}, { providerData: PROVIDER_DATA });
    expect(transcript.messages).toEqual([...expected, { role: 'user', content: 'And now?' }]);
  });

  it('may leave out each column that it does not know', async () => {
    const [after, before] = [await databases.open(), await databases.open()];
    await makeTablesBefore(FIRST_NEW, before);
    const [tables, earlier] = await Promise.all([after, before].map(({ query }) => query.introspection.getTables()));
    const added = (earlier ?? []).flatMap(({ name, columns }) => {
      const known = new Set(columns.map((column) => column.name));
      const now = tables?.find((table) => table.name === name)?.columns ?? [];
      return now
        .filter((column) => !known.has(column.name))
        .map(({ name: column, isNullable, hasDefaultValue }) => {
          return { column: `${name}.${column}`, isOptional: isNullable || hasDefaultValue };
        });
    });
    expect(added.map(({ column }) => column)).toContain('messages.provider_data');
    expect(added.filter(({ isOptional }) => !isOptional)).toEqual([]);
  });
});

describe('a migration of an SQLite file', () => {
  const databases = new Databases(emptySqlite);
  afterEach(() => databases.remove());

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
