import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, Kysely, sql, type Transaction } from 'kysely';
import type { Durability, Engine, Work } from '../engine.js';
import { CheckpointThread } from './checkpoint.thread.js';
import type { Schema } from '../schema.js';
import { tablesAge } from '../migrate.js';
import { lockFile, SHRINK_STEP, sqliteDialect } from './sqlite.dialect.js';
import { DatabaseLocked } from './sqlite.failure.js';

const FREE_PAGES = sql<{ vacuum: number; pages: number; free: number }>`
  select auto_vacuum as vacuum, page_count as pages, freelist_count as free
  from pragma_auto_vacuum, pragma_page_count, pragma_freelist_count`;
/** The value of a file that can shrink in steps. */
const INCREMENTAL = 2;
/** A step moves 100 pages (400 KiB) in about 2 ms. */
const SHRINK = CompiledQuery.raw(`${SHRINK_STEP}(100)`);
/** Unused pages that stay for new rows: a tenth of the file, at least 4 MiB. Sweeps free far fewer in an hour. */
const MIN_FREE_PAGES = 1024;
const FREE_SHARE = 0.1;

const READ = CompiledQuery.raw('select 1');
const PROBE = CompiledQuery.raw('pragma user_version = 0');
/** SQLite waits for a lock on the main thread, so it waits only briefly. Writes wait longer, and off that thread. */
const SHORT_BUSY_TIMEOUT = CompiledQuery.raw('pragma busy_timeout = 10');
const LOCK_TIMEOUT_MS = 5000;
const LOCK_PAUSE_MS = 25;
/** With NORMAL a commit is in the log, which outlives the process. The next FULL commit puts it on disk. */
const SYNCHRONOUS = {
  disk: CompiledQuery.raw('pragma synchronous = full'),
  process: CompiledQuery.raw('pragma synchronous = normal'),
} as const;

/** An SQLite file, over the one connection of its service, or of a tool beside it. */
export class SqliteEngine implements Engine {
  readonly dialect = 'sqlite';
  readonly query: Kysely<Schema>;
  readonly urgent: Kysely<Schema>;
  readonly erasedLog: CheckpointThread;
  /** The durability with which the dialect opens the file. */
  #durability: Durability = 'disk';
  private readonly inode: number | undefined;

  /** @throws Error if the file is in use or cannot be opened. */
  constructor(
    private readonly file: string,
    private readonly isTool = false,
  ) {
    this.query = new Kysely<Schema>({ dialect: sqliteDialect(file, isTool) });
    this.urgent = this.query;
    this.erasedLog = new CheckpointThread(file);
    this.inode = inodeOf(file);
  }

  /** A tool does not migrate the file of a running service. */
  async migrate(migrations: (db: Kysely<Schema>) => Promise<void>): Promise<void> {
    const lock = this.isTool && (await tablesAge(this.query)) === 'older' ? lockFile(this.file) : undefined;
    try {
      await migrations(this.query);
    } finally {
      lock?.close();
    }
    await this.query.executeQuery(SHORT_BUSY_TIMEOUT);
  }

  /** Waits while another process writes. */
  async transact(durability: Durability, work: Work<void>): Promise<void> {
    if (durability !== this.#durability) {
      await this.query.executeQuery(SYNCHRONOUS[durability]);
      this.#durability = durability;
    }
    const deadline = performance.now() + LOCK_TIMEOUT_MS;
    for (let hasBegun = false; ; await sleep(LOCK_PAUSE_MS)) {
      const canWait = performance.now() < deadline;
      try {
        return await this.query.transaction().execute(async (transaction) => {
          hasBegun = true;
          await work(transaction);
        });
      } catch (failure) {
        if (hasBegun || !canWait || !(failure instanceof DatabaseLocked)) throw failure;
      }
    }
  }

  async ping(): Promise<void> {
    if (inodeOf(this.file) !== this.inode) throw new Error(`The database file ${this.file} was removed or replaced.`);
    await this.query.executeQuery(READ);
  }

  async probe(transaction: Transaction<Schema>): Promise<void> {
    await transaction.executeQuery(PROBE);
  }

  /** A file of an earlier release does not shrink until it is rebuilt once. */
  async shrink(transaction: Transaction<Schema>): Promise<boolean> {
    const { rows } = await FREE_PAGES.execute(transaction);
    const { vacuum = 0, pages = 0, free = 0 } = rows[0] ?? {};
    if (vacuum !== INCREMENTAL || free <= Math.max(MIN_FREE_PAGES, pages * FREE_SHARE)) return false;
    await transaction.executeQuery(SHRINK);
    return true;
  }

  async close(): Promise<void> {
    await this.erasedLog.close();
    await this.query.destroy();
  }
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
