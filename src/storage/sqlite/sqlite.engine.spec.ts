import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { sql } from 'kysely';
import { insertRun, runIds, runRow } from '../../../test/support/storage/databases.js';
import { Database } from '../database.js';

const folder = mkdtempSync(join(tmpdir(), 'rookery-database-'));
let files = 0;
const newUrl = (): string => `file:${join(folder, `${files++}`, 'rookery.db')}`;
const opened: Database[] = [];

async function open(url = newUrl()): Promise<Database> {
  const database = await Database.open(url);
  opened.push(database);
  return database;
}

const fileOf = (url: string): string => url.slice('file:'.length);

const pragma = async (database: Database, setting: string): Promise<unknown> => {
  const { rows } = await sql<Record<string, unknown>>`pragma ${sql.raw(setting)}`.execute(database.query);
  return Object.values(rows[0] ?? {})[0];
};

/** No page can be added, as on a full disk. */
async function fillDisk(database: Database): Promise<void> {
  const pages = await pragma(database, 'page_count');
  await pragma(database, `max_page_count = ${Number(pages)}`);
}

/** A row that needs its own pages. */
const insertLarge = (database: Database, id: string): Promise<void> =>
  database.write(async (transaction) => {
    await transaction
      .insertInto('runs')
      .values({ ...runRow(id), error: 'x'.repeat(100_000) })
      .execute();
  });

/** The error of an outage, as callers and the log get it. */
const away = (why: string): object => ({ code: 'storage_unavailable', reason: expect.stringContaining(why) });

afterAll(async () => {
  await Promise.all(opened.map((database) => database.onApplicationShutdown()));
  rmSync(folder, { recursive: true });
});

describe('Database in a file', () => {
  it('refuses a second service', async () => {
    const url = newUrl();
    await open(url);
    await expect(Database.open(url)).rejects.toThrow('is in use by another service');
  });

  it('creates the folder of its file', async () => {
    const url = `file:${join(folder, 'a', 'b', 'c', 'rookery.db')}`;
    await insertRun(await open(url), 'a');
  });

  it('refuses a file that is not a database with its own reason, on every attempt', async () => {
    const url = newUrl();
    mkdirSync(dirname(fileOf(url)));
    writeFileSync(fileOf(url), 'These are notes, and no database at all. '.repeat(50));

    await expect(Database.open(url)).rejects.toThrow('file is not a database');
    await expect(Database.open(url)).rejects.toThrow('file is not a database');
  });

  describe('ping', () => {
    it('resolves while the file exists and accepts writes', async () => {
      const database = await open();
      await insertRun(database, 'a');
      await expect(database.ping()).resolves.toBeUndefined();
    });

    it('fails once the file was removed', async () => {
      const url = newUrl();
      const database = await open(url);
      rmSync(fileOf(url));
      await expect(database.ping()).rejects.toThrow('was removed or replaced');
    });

    it('fails once another file has replaced it', async () => {
      const url = newUrl();
      const database = await open(url);
      renameSync(fileOf(url), `${fileOf(url)}.old`);
      writeFileSync(fileOf(url), '');
      await expect(database.ping()).rejects.toThrow('was removed or replaced');
    });

    it('fails after a write that failed, until writes work again', async () => {
      const database = await open();
      await pragma(database, 'query_only = on');
      await expect(insertRun(database, 'a')).rejects.toMatchObject(away('readonly'));
      await expect(database.ping()).rejects.toMatchObject(away('readonly'));
      await expect(database.ping()).rejects.toMatchObject(away('readonly'));

      await pragma(database, 'query_only = off');
      await expect(database.ping()).resolves.toBeUndefined();
      await insertRun(database, 'a');
      expect(await runIds(database)).toEqual(['a']);
      // Recovered: pings no longer write.
      await pragma(database, 'query_only = on');
      await expect(database.ping()).resolves.toBeUndefined();
    });
  });

  describe('a full disk', () => {
    it('is reported as such, and not as the automatic rollback of SQLite', async () => {
      const database = await open();
      await insertRun(database, 'a');
      await fillDisk(database);

      await expect(insertLarge(database, 'b')).rejects.toMatchObject(away('database or disk is full'));
      expect(await runIds(database)).toEqual(['a']);
    });

    it('fails only those writes of one tick that do not fit', async () => {
      const database = await open();
      await fillDisk(database);

      const writes = [insertRun(database, 'a'), insertLarge(database, 'b'), insertRun(database, 'c')];
      const outcomes = await Promise.allSettled(writes);

      expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      await expect(writes[1]).rejects.toMatchObject(away('database or disk is full'));
    });

    it('accepts writes again once space is free', async () => {
      const database = await open();
      await fillDisk(database);
      await expect(insertLarge(database, 'a')).rejects.toMatchObject(away('database or disk is full'));

      await pragma(database, 'max_page_count = 1000000');

      await insertLarge(database, 'a');
      expect(await runIds(database)).toEqual(['a']);
      await expect(database.ping()).resolves.toBeUndefined();
    });
  });

  describe('during a lock of another process', () => {
    it('accepts writes again afterwards, without a needless wait within a group', async () => {
      const url = newUrl();
      const database = await open(url);
      const shell = new DatabaseSync(fileOf(url));
      shell.exec('begin immediate');

      const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((id) => insertRun(database, id)));
      const reasons = outcomes.map((outcome) => outcome.status === 'rejected' && outcome.reason);
      expect(reasons[0]).toMatchObject(away('database is locked'));
      // Separate waits would have separate failures.
      expect(new Set(reasons).size).toBe(1);
      expect(await runIds(database)).toEqual([]);

      shell.exec('commit');
      shell.close();
      await insertRun(database, 'a');
      expect(await runIds(database)).toEqual(['a']);
    });
  });

  it('does not block the process while a write waits for another one, and then commits it', async () => {
    const url = newUrl();
    const database = await open(url);
    const shell = new DatabaseSync(fileOf(url));
    shell.exec('begin immediate');
    const delay = monitorEventLoopDelay({ resolution: 10 });
    delay.enable();
    const writing = insertRun(database, 'a');
    await sleep(1000);
    delay.disable();
    expect(await runIds(database)).toEqual([]);
    shell.exec('commit');
    shell.close();
    await writing;
    expect(await runIds(database)).toEqual(['a']);
    // The event loop would block for five seconds if SQLite itself waited.
    expect(delay.max / 1e6).toBeLessThan(2500);
  });

  it('syncs each commit to the disk, unless all writes of a group request less', async () => {
    const database = await open();
    const synchronous: unknown[] = [];
    const note = (durability: 'disk' | 'process'): Promise<void> =>
      database.write(
        async (transaction) => {
          const { rows } = await sql<{ synchronous: number }>`pragma synchronous`.execute(transaction);
          synchronous.push([durability, rows[0]?.synchronous]);
        },
        { durability },
      );
    const [normal, full] = [1, 2];

    await note('disk');
    await note('process');
    await Promise.all([note('process'), note('disk')]);
    await note('process');

    expect(synchronous).toEqual([
      ['disk', full],
      ['process', normal],
      ['process', full],
      ['disk', full],
      ['process', normal],
    ]);
  });
});
