import { readFileSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { Databases, runRow } from '../../../test/support/storage/databases.js';
import { keepQuiet } from '../../../test/support/quiet.js';
import { sqlite } from '../../../test/support/storage/stores.js';
import { until } from '../../../test/support/until.js';
import { SessionsRepository } from '../../sessions/sessions.repository.js';
import { CheckpointThread } from '../../storage/sqlite/checkpoint.thread.js';
import type { Database } from '../../storage/database.js';
import { BudgetsRepository } from '../../usage/budgets.repository.js';
import { UsageCompaction } from '../../usage/usage.compaction.js';
import { Retention } from './retention.js';
import { completeOptions } from '../../options/options.defaults.js';

const { jest } = import.meta;
const TEXT = 'words that are too old';
/** Two batches and part of a third. */
const MANY = 101;
const LIMIT_MS = 300;

const captured = keepQuiet();
const databases = new Databases(sqlite);
let file: string;
let database: Database;
let retention: Retention;

beforeEach(async () => {
  const url = await databases.newUrl();
  file = url.slice('file:'.length);
  await open(30_000);
});

afterEach(() => database.onApplicationShutdown());

afterEach(() => databases.remove());

async function open(eraseLimitMs: number): Promise<void> {
  database = await databases.open(`file:${file}`, { eraseLimitMs });
  retention = new Retention(
    database,
    new SessionsRepository(database),
    completeOptions({ runTtlDays: 1, sessionTtlDays: 1 }).runs,
    new UsageCompaction(database),
    new BudgetsRepository(database),
  );
}

const ids = Array.from({ length: MANY }, (_, index) => `${index}`);

async function addSessions(): Promise<void> {
  const row = { tenant: 'default', agent_role: 'assistant', end_user: null, created_at: 1, updated_at: 1 };
  await database.write(async (transaction) => {
    for (const session_id of ids) {
      const session = { ...row, session_id: `${TEXT} ${session_id}`, message_count: 0 };
      await transaction.insertInto('sessions').values(session).execute();
    }
  });
}

async function addRuns(): Promise<void> {
  await database.write(async (transaction) => {
    for (const id of ids) {
      await transaction
        .insertInto('runs')
        .values({ ...runRow(id), request: TEXT })
        .execute();
    }
  });
}

const isOnDisk = (): boolean => [file, `${file}-wal`].some((path) => readFileSync(path, 'latin1').includes(TEXT));

const countOf = async (table: 'sessions' | 'runs' | 'pending_erasures'): Promise<number> =>
  (await database.query.selectFrom(table).selectAll().execute()).length;

describe('data that retention removes', () => {
  it.each([
    ['sessions', addSessions],
    ['runs', addRuns],
  ] as const)('is removed from the write-ahead log too, once a batch: %s', async (table, fill) => {
    await fill();
    expect(isOnDisk()).toBe(true);
    const truncations = jest.spyOn(CheckpointThread.prototype, 'truncate');

    await retention.sweep();

    expect(await countOf(table)).toBe(0);
    expect(truncations).toHaveBeenCalledTimes(3);
    expect(isOnDisk()).toBe(false);
    expect(await countOf('pending_erasures')).toBe(0);
  });

  it('stays in the log while a process reads the file, and the sweep continues', async () => {
    await database.onApplicationShutdown();
    await open(LIMIT_MS);
    await addSessions();
    await addRuns();
    const reader = new DatabaseSync(file, { readOnly: true });
    reader.exec('begin');
    reader.prepare('select count(*) from sessions').get();

    await retention.sweep();

    expect([await countOf('sessions'), await countOf('runs'), await countOf('pending_erasures')]).toEqual([0, 0, 1]);
    expect(isOnDisk()).toBe(true);
    expect(captured.warnings).toEqual([expect.stringContaining('a reader of the database file')]);

    reader.close();
    await until('the log is empty', async () => {
      await retention.finishErasures();
      return !isOnDisk();
    });
    expect(await countOf('pending_erasures')).toBe(0);
  });

  it('is removed without a warning if the process stops meanwhile', async () => {
    await addRuns();
    const sweeping = retention.sweep();
    const stopped = retention.onModuleDestroy();
    await database.onApplicationShutdown();
    await Promise.all([sweeping, stopped]);
    expect(captured.warnings).toEqual([]);
    await open(30_000);
  });

  it('leaves no large unused part in the file, which shrinks', async () => {
    const large = 'x'.repeat(200_000);
    await database.write(async (transaction) => {
      for (const id of ids) {
        const row = { ...runRow(id), request: large, finished_at: id === '0' ? Date.now() : 1 };
        await transaction.insertInto('runs').values(row).execute();
      }
    });
    const full = MANY * large.length;
    await retention.sweep();
    expect(await countOf('runs')).toBe(1);
    expect(statSync(file).size).toBeLessThan(full / 2);
  });

  it('is removed within a minute if a crash has left it', async () => {
    jest.useFakeTimers({ doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'performance', 'Date'] });
    try {
      const purges = jest.spyOn(database, 'purge');
      retention.onApplicationBootstrap();
      await until('it has swept at the start', () => purges.mock.calls.length > 0);
      // The sweep at the start may still run: this one ends after it.
      await retention.sweep();
      await database.write((transaction) => database.erasures.add(transaction));
      expect(await countOf('pending_erasures')).toBe(1);

      jest.advanceTimersByTime(60_000);

      await until('it is finished', async () => (await countOf('pending_erasures')) === 0);
    } finally {
      await retention.onModuleDestroy();
      jest.useRealTimers();
    }
  });
});
