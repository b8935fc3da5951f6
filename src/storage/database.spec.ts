import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { sql } from 'kysely';
import type { RunTable } from './schema.js';
import { Database } from './database.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-database-'));
let files = 0;
const newUrl = (): string => `file:${join(folder, `${files++}`, 'rookery.db')}`;
const opened: Database[] = [];

async function open(url = newUrl()): Promise<Database> {
  const database = await Database.open(url);
  opened.push(database);
  return database;
}

function run(id: string): RunTable {
  return {
    run_id: id,
    tenant: 'default',
    session_id: 's',
    agent_role: 'assistant',
    status: 'completed',
    model: 'offline',
    input_tokens: 1,
    output_tokens: 1,
    error: null,
    created_at: 1,
    finished_at: 2,
  };
}

const insert = (database: Database, id: string): Promise<void> =>
  database.write(async (transaction) => {
    await transaction.insertInto('runs').values(run(id)).execute();
  });

const ids = async (database: Database): Promise<string[]> =>
  (await database.query.selectFrom('runs').select('run_id').orderBy('run_id').execute()).map(({ run_id }) => run_id);

const fileOf = (url: string): string => url.slice('file:'.length);

const pragma = async (database: Database, setting: string): Promise<unknown> => {
  const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(setting)}`.execute(database.query);
  return Object.values(rows[0] ?? {})[0];
};

/** No page can be added any more, as on a disk that is full. */
async function fillDisk(database: Database): Promise<void> {
  const pages = await pragma(database, 'page_count');
  await pragma(database, `max_page_count = ${Number(pages)}`);
}

/** A row that needs pages of its own. */
const insertLarge = (database: Database, id: string): Promise<void> =>
  database.write(async (transaction) => {
    await transaction
      .insertInto('runs')
      .values({ ...run(id), error: 'x'.repeat(100_000) })
      .execute();
  });

afterAll(async () => {
  await Promise.all(opened.map((database) => database.onApplicationShutdown()));
  rmSync(folder, { recursive: true });
});

describe('Database', () => {
  it('keeps what it has resolved for when it is opened again', async () => {
    const url = newUrl();
    const first = await Database.open(url);
    await insert(first, 'a');
    await first.onApplicationShutdown();
    expect(await ids(await open(url))).toEqual(['a']);
  });

  it('commits the writes of one tick together, and a bad one takes none of the others with it', async () => {
    const database = await open();
    await insert(database, 'b');
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((id) => insert(database, id)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await ids(database)).toEqual(['a', 'b', 'c']);
  });

  it('undoes all of a write that fails half way', async () => {
    const database = await open();
    const write = database.write(async (transaction) => {
      await transaction.insertInto('runs').values(run('a')).execute();
      throw new Error('half way');
    });
    await expect(write).rejects.toThrow('half way');
    expect(await ids(database)).toEqual([]);
  });

  it('is refused to a second service', async () => {
    const url = newUrl();
    await open(url);
    await expect(Database.open(url)).rejects.toThrow('is in use by another service');
  });

  it('refuses a file that a newer version wrote', async () => {
    const url = newUrl();
    const newer = await Database.open(url);
    await newer.query
      // The table of the migrator, which the schema does not name.
      .withTables<{ kysely_migration: { name: string; timestamp: string } }>()
      .insertInto('kysely_migration')
      .values({ name: '9999.later', timestamp: new Date().toISOString() })
      .execute();
    await newer.onApplicationShutdown();
    await expect(Database.open(url)).rejects.toThrow('written by a newer version');
  });

  it('makes the folder of its file', async () => {
    const url = `file:${join(folder, 'a', 'b', 'c', 'rookery.db')}`;
    await insert(await open(url), 'a');
  });

  it('refuses a file that is no database with its own reason, however often it is tried', async () => {
    const url = newUrl();
    mkdirSync(dirname(fileOf(url)));
    writeFileSync(fileOf(url), 'These are notes, and no database at all. '.repeat(50));

    await expect(Database.open(url)).rejects.toThrow('file is not a database');
    await expect(Database.open(url)).rejects.toThrow('file is not a database');
  });

  it('can be opened again after it was refused for a newer version', async () => {
    const url = newUrl();
    const newer = await Database.open(url);
    await sql`insert into kysely_migration (name, timestamp) values ('9999.later', '')`.execute(newer.query);
    await newer.onApplicationShutdown();
    await expect(Database.open(url)).rejects.toThrow('written by a newer version');
    await expect(Database.open(url)).rejects.toThrow('written by a newer version');
  });

  describe('ping', () => {
    it('resolves while the file is there and takes writes', async () => {
      const database = await open();
      await insert(database, 'a');
      await expect(database.ping()).resolves.toBeUndefined();
    });

    it('fails once the file was removed', async () => {
      const url = newUrl();
      const database = await open(url);
      rmSync(fileOf(url));
      await expect(database.ping()).rejects.toThrow('was removed or replaced');
    });

    it('fails once another file lies in its place', async () => {
      const url = newUrl();
      const database = await open(url);
      renameSync(fileOf(url), `${fileOf(url)}.old`);
      writeFileSync(fileOf(url), '');
      await expect(database.ping()).rejects.toThrow('was removed or replaced');
    });

    it('fails after a write that failed, until writes work again', async () => {
      const database = await open();
      await pragma(database, 'query_only = on');
      await expect(insert(database, 'a')).rejects.toThrow('readonly');
      await expect(database.ping()).rejects.toThrow('readonly');
      await expect(database.ping()).rejects.toThrow('readonly');

      await pragma(database, 'query_only = off');
      await expect(database.ping()).resolves.toBeUndefined();
      await insert(database, 'a');
      expect(await ids(database)).toEqual(['a']);
      // Well again: no ping writes any more.
      await pragma(database, 'query_only = on');
      await expect(database.ping()).resolves.toBeUndefined();
    });

    it('is well again after a write that was bad by itself', async () => {
      const database = await open();
      await insert(database, 'a');
      await expect(insert(database, 'a')).rejects.toThrow('UNIQUE');
      await expect(database.ping()).resolves.toBeUndefined();
    });
  });

  describe('a full disk', () => {
    it('is told as such, and not as the roll-back that SQLite has done by itself', async () => {
      const database = await open();
      await insert(database, 'a');
      await fillDisk(database);

      await expect(insertLarge(database, 'b')).rejects.toThrow('database or disk is full');
      expect(await ids(database)).toEqual(['a']);
    });

    it('fails of the writes of one tick only those that have no room', async () => {
      const database = await open();
      await fillDisk(database);

      const writes = [insert(database, 'a'), insertLarge(database, 'b'), insert(database, 'c')];
      const outcomes = await Promise.allSettled(writes);

      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      await expect(writes[1]).rejects.toThrow('database or disk is full');
    });

    it('takes writes again when there is room', async () => {
      const database = await open();
      await fillDisk(database);
      await expect(insertLarge(database, 'a')).rejects.toThrow('database or disk is full');

      await pragma(database, 'max_page_count = 1000000');

      await insertLarge(database, 'a');
      expect(await ids(database)).toEqual(['a']);
      await expect(database.ping()).resolves.toBeUndefined();
    });
  });

  it('commits in the order in which it was asked, also after a write that failed', async () => {
    const database = await open();
    await insert(database, 'a');
    const done: string[] = [];
    const note = (what: string) => () => void done.push(what);
    const first = [insert(database, 'a').catch(note('bad')), insert(database, 'b').then(note('b'))];
    // Comes while the two before it are under way.
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([...first, insert(database, 'c').then(note('c'))]);

    expect(done).toEqual(['bad', 'b', 'c']);
  });
});
