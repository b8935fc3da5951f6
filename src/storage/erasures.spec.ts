import { rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { Logger } from '@nestjs/common';
import { sql } from 'kysely';
import { Databases } from '../../test/support/storage/databases.js';
import { keepQuiet } from '../../test/support/quiet.js';
import { hasPostgres, postgres, sqlite } from '../../test/support/storage/stores.js';
import { until } from '../../test/support/until.js';
import { CheckpointThread } from './sqlite/checkpoint.thread.js';
import type { Database } from './database.js';
import type { ErasedLog } from './engine.js';
import { Erasures } from './erasures.js';
import { hashOf, PendingErasures } from './pending.erasures.js';

const { jest } = import.meta;
const LIMIT_MS = 30_000;
const SOON_MS = 20;

const captured = keepQuiet();
const databases = new Databases(sqlite);
let database: Database;

/** A log that is truncated by hand. */
class SlowLog implements ErasedLog {
  readonly tries: ((isTruncated: boolean) => void)[] = [];

  truncate(): Promise<boolean> {
    return new Promise((resolve) => this.tries.push(resolve));
  }

  /** Resolves the try in progress. */
  async answer(count: number, isTruncated: boolean): Promise<void> {
    await until(`attempt ${count} is made`, () => this.tries.length === count);
    this.tries.at(-1)?.(isTruncated);
  }
}

beforeEach(async () => {
  database = await databases.open();
});

afterEach(() => databases.remove());

const erasuresOver = (log: ErasedLog, limitMs = LIMIT_MS): Erasures =>
  new Erasures(new PendingErasures(database), log, limitMs);

const add = (erasures: Erasures, ...targets: string[]): Promise<unknown> =>
  Promise.all(targets.map((target) => database.write((transaction) => erasures.add(transaction, { target }))));

const pending = async () =>
  (await database.query.selectFrom('pending_erasures').selectAll().orderBy('target').execute()).map(
    ({ target, finished_at }) => ({ target, isFinished: finished_at !== null }),
  );

describe('erasures of an SQLite file', () => {
  it('at the same time share one truncation', async () => {
    const log = new SlowLog();
    const erasures = erasuresOver(log);
    await add(erasures, 'a', 'b', 'c');
    const finished = ['a', 'b', 'c'].map((target) => erasures.purge(target));

    await log.answer(1, true);

    await Promise.all(finished);
    expect(log.tries).toHaveLength(1);
    expect(await pending()).toEqual([]);
  });

  it('are not covered by a truncation that began before their commit', async () => {
    const log = new SlowLog();
    const erasures = erasuresOver(log);
    await add(erasures, 'early');
    const early = erasures.purge('early');
    await until('the first attempt is made', () => log.tries.length === 1);
    // The truncation in progress covers the second target, but not its new commit.
    await add(erasures, 'late', 'early');
    let isLateOver = false;
    const late = Promise.all([erasures.purge('late'), erasures.purge('early')]).then(() => (isLateOver = true));

    await log.answer(1, true);
    await early;
    expect(isLateOver).toBe(false);
    expect((await pending()).map(({ target }) => target)).toEqual(['early', 'late']);

    await log.answer(2, true);
    await late;
    expect(await pending()).toEqual([]);
  });

  it('stay stored if they take too long, are covered by a later truncation, and are confirmed once', async () => {
    const log = new SlowLog();
    const erasures = erasuresOver(log, SOON_MS);
    await add(erasures, 'a');
    await expect(erasures.purge('a')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringMatching(/^The data is erased from the database, but a reader .* Repeat the request/),
    });
    expect(await pending()).toEqual([{ target: 'a', isFinished: false }]);
    await log.answer(1, false);

    const later = erasuresOver(log);
    await database.write((transaction) => later.add(transaction));
    const swept = later.purge();
    await log.answer(2, true);
    await swept;

    expect(await pending()).toEqual([{ target: 'a', isFinished: true }]);
    expect(await later.has('a')).toBe(true);
    await later.purge('a');
    expect(await later.has('a')).toBe(false);
    expect(log.tries).toHaveLength(2);
  });

  it('log one warning while a reader blocks them, and log their completion', async () => {
    const logged = jest.spyOn(Logger.prototype, 'log');
    let isTruncated = false;
    const erasures = erasuresOver({ truncate: () => Promise.resolve(isTruncated) }, SOON_MS);
    await add(erasures, 'a');
    for (const target of ['a', 'a']) {
      await expect(erasures.purge(target)).rejects.toMatchObject({ code: 'storage_unavailable' });
    }
    expect(captured.warnings).toEqual([expect.stringContaining('a reader of the database file keeps erased data')]);
    expect(logged).not.toHaveBeenCalled();

    isTruncated = true;
    await until('it is finished', () =>
      erasures.purge('a').then(
        () => true,
        () => false,
      ),
    );
    expect(logged.mock.calls).toEqual([['the log of the database file holds no erased data any more']]);
  });

  it('log a failed truncation, and try again', async () => {
    let tries = 0;
    const failing = { truncate: () => (tries++, Promise.reject(new Error('the disk is full'))) };
    const erasures = erasuresOver(failing, 300);
    await add(erasures, 'a');

    await expect(erasures.purge('a')).rejects.toMatchObject({
      code: 'storage_unavailable',
      message: expect.stringMatching(/could not be emptied/),
      cause: expect.objectContaining({ message: 'the disk is full' }),
    });
    expect(tries).toBeGreaterThan(1);
  });

  it('are removed if no caller repeats them', async () => {
    const log = new SlowLog();
    const erasures = erasuresOver(log);
    await add(erasures, 'a');
    const swept = erasures.purge();
    await log.answer(1, true);
    await swept;

    await erasures.removeOld(Date.now() - 60_000);
    expect(await erasures.has('a')).toBe(true);
    await erasures.removeOld(Date.now() + 60_000);
    expect(await erasures.has('a')).toBe(false);
  });

  it('stop with the database', async () => {
    const erasures = erasuresOver(new SlowLog());
    await add(erasures, 'a');
    const finishing = expect(erasures.purge('a')).rejects.toMatchObject({ code: 'storage_unavailable' });
    await new Promise((resolve) => setImmediate(resolve));
    erasures.close();
    await finishing;
  });

  it('have a hash instead of their name', () => {
    expect(hashOf('session', 'a', 'b')).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf('session', 'a', 'b')).not.toBe(hashOf('session', 'ab', ''));
  });
});

describe('the checkpoint thread', () => {
  it('truncates the log unless another connection reads or writes, and never waits for it', async () => {
    const url = await databases.newUrl();
    const file = url.slice('file:'.length);
    const open = await databases.open(url);
    const other = new DatabaseSync(file);
    const thread = new CheckpointThread(file);
    const insert = (): Promise<unknown> =>
      sql`insert into replicas (replica_id, heartbeat_at) values (${crypto.randomUUID()}, 1)`.execute(open.query);

    expect(await thread.truncate()).toBe(true);
    for (const held of ['begin', 'begin immediate']) {
      other.exec(`${held}; select count(*) from runs`);
      if (held === 'begin') await insert();
      expect(await thread.truncate()).toBe(false);
      other.exec('commit');
    }
    // A reader of the newest state leaves nothing to copy, but still uses the log.
    await insert();
    other.exec('begin; select count(*) from runs');
    expect(await thread.truncate()).toBe(false);
    other.exec('commit');
    expect(await thread.truncate()).toBe(true);
    await thread.close();
    other.close();
  });

  it('fails for a missing file without creating it, and starts again', async () => {
    const url = await databases.newUrl();
    const file = url.slice('file:'.length);
    await rm(file);
    const thread = new CheckpointThread(file);
    await expect(thread.truncate()).rejects.toThrow('unable to open database file');
    await databases.open(url);

    expect(await thread.truncate()).toBe(true);
    await thread.close();
    expect(await thread.truncate()).toBe(true);
    await thread.close();
  });
});

(hasPostgres ? describe : describe.skip)('erasures in PostgreSQL', () => {
  const onPostgres = new Databases(postgres);

  afterAll(() => onPostgres.remove());

  it('are finished with their commit', async () => {
    const open = await onPostgres.open();
    await open.write((transaction) => open.erasures.add(transaction, { target: 'a' }));
    expect(await open.erasures.has('a')).toBe(false);
    await expect(open.erasures.purge('a')).resolves.toBeUndefined();
    expect(await open.query.selectFrom('pending_erasures').selectAll().execute()).toEqual([]);
  });
});
