import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { CompiledQuery, Kysely, sql } from 'kysely';
import { sqliteDialect } from './sqlite.dialect.js';

interface Tables {
  notes: { id: number; text: string | null };
}

const folder = mkdtempSync(join(tmpdir(), 'rookery-dialect-'));
let files = 0;
const newFile = (): string => join(folder, `${files++}`, 'rookery.db');
const opened: Kysely<Tables>[] = [];

function open(file = newFile()): Kysely<Tables> {
  const database = new Kysely<Tables>({ dialect: sqliteDialect(file) });
  opened.push(database);
  return database;
}

async function withNotes(): Promise<Kysely<Tables>> {
  const database = open();
  await sql`create table notes (id integer primary key, text text)`.execute(database);
  return database;
}

async function pragma(database: Kysely<Tables>, name: string): Promise<unknown> {
  const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(name)}`.execute(database);
  return Object.values(rows[0] ?? {})[0];
}

const modeOf = (path: string): string => (statSync(path).mode & 0o777).toString(8);

/** Opens the file under a lenient mask, and writes. Returns the modes of its folder and of the files in it. */
async function modesAfterWrite(file: string): Promise<Record<string, string>> {
  const mask = process.umask(0);
  try {
    await sql`create table notes (id integer primary key)`.execute(open(file));
  } finally {
    process.umask(mask);
  }
  const names = readdirSync(dirname(file));
  const modes = names.map((name) => [name, modeOf(join(dirname(file), name))] as const);
  return { '.': modeOf(dirname(file)), ...Object.fromEntries(modes) };
}

afterAll(async () => {
  await Promise.all(opened.map((database) => database.destroy()));
  rmSync(folder, { recursive: true });
});

describe('sqliteDialect', () => {
  it.each([
    { name: 'journal_mode', value: 'wal', so: 'readers do not wait for writers' },
    { name: 'synchronous', value: 2, so: 'a commit is on the disk when it returns' },
    { name: 'secure_delete', value: 1, so: 'erased data is overwritten' },
    { name: 'wal_autocheckpoint', value: 4000, so: 'the log is moved every 16 MiB' },
  ])('opens with $name = $value: $so', async ({ name, value }) => {
    expect(await pragma(open(), name)).toBe(value);
  });

  it('lets only its own user read the folder, the file, its log and its lock', async () => {
    expect(await modesAfterWrite(newFile())).toEqual({
      '.': '700',
      'rookery.db': '600',
      'rookery.db-shm': '600',
      'rookery.db-wal': '600',
      'rookery.db.lock': '600',
      'rookery.db.lock-journal': '600',
    });
  });

  it('keeps the modes of a folder and a file that exist', async () => {
    const file = newFile();
    mkdirSync(dirname(file));
    new DatabaseSync(file).close();
    chmodSync(dirname(file), 0o750);
    chmodSync(file, 0o640);

    expect(await modesAfterWrite(file)).toMatchObject({ '.': '750', 'rookery.db': '640', 'rookery.db-wal': '640' });
  });

  it('refuses the file while it is in use, but not after the close', async () => {
    const file = newFile();
    const first = open(file);
    await first.selectNoFrom(sql`1`.as('one')).execute();
    expect(() => sqliteDialect(file)).toThrow(`${file} is in use by another service`);

    await first.destroy();
    await open(file)
      .selectNoFrom(sql`1`.as('one'))
      .execute();
  });

  it('lets command-line tools read and write while it is open', async () => {
    const file = newFile();
    const database = open(file);
    await sql`create table notes (id integer primary key, text text)`.execute(database);

    const tool = new DatabaseSync(file);
    tool.exec("insert into notes values (1, 'by a tool')");
    tool.close();

    expect(await database.selectFrom('notes').selectAll().execute()).toEqual([{ id: 1, text: 'by a tool' }]);
  });

  it('releases the lock if the file cannot be opened', () => {
    const file = newFile();
    // A folder instead of the file.
    sqliteDialect(join(file, 'rookery.db'));
    expect(existsSync(file)).toBe(true);

    expect(() => sqliteDialect(file)).toThrow('unable to open database file');
    expect(() => sqliteDialect(file)).toThrow('unable to open database file');
  });

  it('returns rows for a query and counts for a change', async () => {
    const database = await withNotes();
    const inserted = await database.insertInto('notes').values({ id: 7, text: 'a' }).executeTakeFirst();
    const changed = await database.updateTable('notes').set({ text: null }).executeTakeFirst();

    expect(inserted).toMatchObject({ insertId: 7n, numInsertedOrUpdatedRows: 1n });
    expect(changed.numUpdatedRows).toBe(1n);
    expect(await database.selectFrom('notes').selectAll().execute()).toEqual([{ id: 7, text: null }]);
  });

  it('streams rows', async () => {
    const database = await withNotes();
    for (const id of [1, 2, 3])
      await database
        .insertInto('notes')
        .values({ id, text: `${id}` })
        .execute();

    const ids: number[] = [];
    for await (const { id } of database.selectFrom('notes').selectAll().orderBy('id').stream()) ids.push(id);
    expect(ids).toEqual([1, 2, 3]);
  });

  it.each([[true], [undefined], [new Date(0)], [{ a: 1 }]])('refuses %p, which fits no column', async (value) => {
    const database = await withNotes();
    const insert = CompiledQuery.raw('insert into notes values (1, ?)', [value]);
    await expect(database.executeQuery(insert)).rejects.toThrow('SQLite stores text, numbers and null');
  });

  it('rolls back a failed transaction', async () => {
    const database = await withNotes();
    const work = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ id: 1, text: 'a' }).execute();
      throw new Error('half way');
    });

    await expect(work).rejects.toThrow('half way');
    expect(await database.selectFrom('notes').selectAll().execute()).toEqual([]);
  });

  it('reports why a transaction failed that SQLite has rolled back by itself', async () => {
    const database = await withNotes();
    const work = database.transaction().execute(async (transaction) => {
      await transaction.insertInto('notes').values({ id: 1, text: 'a' }).execute();
      await sql`insert or rollback into notes values (1, 'b')`.execute(transaction);
    });

    await expect(work).rejects.toThrow('UNIQUE constraint failed');
    await database.insertInto('notes').values({ id: 2, text: 'c' }).execute();
    expect(await database.selectFrom('notes').select('id').execute()).toEqual([{ id: 2 }]);
  });

  it('continues after more distinct statements than it caches', async () => {
    const database = await withNotes();
    for (let id = 0; id < 450; id++) {
      await database.executeQuery(CompiledQuery.raw(`insert into notes values (${id}, 'x')`, []));
    }
    const { count } = await database
      .selectFrom('notes')
      .select((row) => row.fn.countAll().as('count'))
      .executeTakeFirstOrThrow();
    expect(count).toBe(450);
  });
});
