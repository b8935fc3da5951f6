import type { OnApplicationShutdown } from '@nestjs/common';
import type { Kysely, Transaction } from 'kysely';
import { RequestScope } from '../async/request.scope.js';
import { within } from '../async/within.js';
import { outageIn } from './database.unavailable.js';
import type { Durability, Engine, Work } from './engine.js';
import { Erasures } from './erasures.js';
import type { Later } from './later.js';
import { migrate } from './migrate.js';
import { PendingErasures } from './pending.erasures.js';
import { PostgresEngine } from './postgres/postgres.engine.js';
import type { Schema } from './schema.js';
import { SqliteEngine } from './sqlite/sqlite.engine.js';
import { type WriteOrder, WriteQueue } from './write.queue.js';

const PING_TIMEOUT_MS = 1000;

/** Options of a write. */
export interface WriteOptions extends WriteOrder {
  /** `process`: the write survives a killed process, but may be lost in a power cut. Default: `disk`. */
  readonly durability?: Durability | undefined;
}

/** Options for opening a database. */
export interface OpenOptions {
  /** Whether a command-line tool opens it, which may use the file of a running service. Default: false. */
  readonly isTool?: boolean | undefined;
  /** Milliseconds for which an erasure waits for readers of an SQLite file. Default: 5000. */
  readonly eraseLimitMs?: number | undefined;
}

/**
 * The service's data. A write that has resolved is on disk and survives `kill -9`. `AgentModule` provides it. Its
 * tables are not part of the public API.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { Database } from 'rookery';
 *
 * \@Injectable()
 * export class DatabaseCheck {
 *   constructor(private readonly database: Database) {}
 *
 *   isUp() {
 *     return this.database.ping().then(
 *       () => true,
 *       () => false,
 *     );
 *   }
 * }
 */
export class Database implements OnApplicationShutdown {
  /** The kind of the database. */
  readonly dialect: Engine['dialect'];
  /** Keeps erased data from staying readable in the log of an SQLite file. */
  readonly erasures: Erasures;
  private readonly writes: WriteQueue;

  private constructor(
    private readonly engine: Engine,
    eraseLimitMs?: number,
  ) {
    this.dialect = engine.dialect;
    this.writes = new WriteQueue(engine);
    this.erasures = new Erasures(new PendingErasures(this), engine.erasedLog, eraseLimitMs);
  }

  /**
   * Opens the database and migrates its tables.
   *
   * @param url `file:<path>`, whose folder is created if it is missing, or
   * `postgres://<user>:<password>@<host>/<database>`.
   * @throws Error if it is in use, cannot be opened or reached, or was written by a newer version.
   */
  static async open(url: string, { isTool, eraseLimitMs }: OpenOptions = {}): Promise<Database> {
    const database = new Database(await engineOf(url, isTool), eraseLimitMs);
    try {
      await database.engine.migrate(migrate);
      return database;
    } catch (error) {
      await database.onApplicationShutdown();
      // The error at startup has to show the reason of the outage.
      const outage = outageIn(error);
      throw outage ? new Error(outage.reason, { cause: outage }) : error;
    }
  }

  /**
   * Reads rows with Kysely. Use `write` for changes.
   *
   * @throws AgentError `request_timeout` if it serves a request whose time limit has passed.
   */
  get query(): Kysely<Schema> {
    RequestScope.current?.throwIfLate();
    return this.engine.query;
  }

  /**
   * Runs short statements that must wait neither for reads nor for writes. PostgreSQL has one connection for them; an
   * SQLite file has only one at all.
   */
  get urgent(): Kysely<Schema> {
    return this.engine.urgent;
  }

  /**
   * Runs `work` in a transaction and returns its result once that is committed. The writes of one tick share one
   * commit, since a commit waits for the disk. If a write fails, it is tried alone, so that it cannot fail the others.
   * `work` may therefore run twice, and must touch nothing but the transaction.
   *
   * `work` returns an expected refusal as a value and does not throw it: a throw rolls back the writes of all callers.
   *
   * @throws AgentError `storage_unavailable` if the database is away or cannot take it now. After a broken connection
   * the commit may still have succeeded. `request_timeout` if the time limit of its request passes before the commit.
   */
  write<T>(work: Work<T | Later<T>>, { durability = 'disk', ...order }: WriteOptions = {}): Promise<T> {
    return this.writes.add(work, durability, order);
  }

  /** Resolves if the database accepts writes; rejects within a second with the reason if it does not. */
  async ping(): Promise<void> {
    const isUp = await within(
      PING_TIMEOUT_MS,
      this.#ping().then(() => true),
    );
    if (isUp === undefined) throw new Error('The database does not answer.');
  }

  /**
   * Resolves once the files of the database hold no erased data.
   *
   * @throws AgentError `storage_unavailable` while another process reads an SQLite file.
   */
  purge(): Promise<void> {
    return this.erasures.purge();
  }

  /**
   * Returns some unused pages of an SQLite file to the file system, within a write. Takes about 2 ms.
   *
   * @returns false if nothing more is to be done. The rest is for new rows.
   */
  async shrink(transaction: Transaction<Schema>): Promise<boolean> {
    return (await this.engine.shrink?.(transaction)) ?? false;
  }

  /** @deprecated Use `purge`. */
  scrub(): Promise<void> {
    return this.purge();
  }

  /** Closes the database. Nest calls it after the runs have ended. */
  onApplicationShutdown(): Promise<void> {
    this.erasures.close();
    return this.engine.close();
  }

  async #ping(): Promise<void> {
    await this.engine.ping();
    // After a failed write only another write shows whether the disk works again.
    if (this.writes.isFailing) await this.write((transaction) => this.engine.probe(transaction));
  }
}

async function engineOf(url: string, isTool: boolean | undefined): Promise<Engine> {
  if (/^postgres(ql)?:\/\//.test(url)) return PostgresEngine.create(url);
  if (url.startsWith('file:')) return new SqliteEngine(url.slice('file:'.length).replace(/^\/\/(?=\/)/, ''), isTool);
  throw new Error('The database URL must be file:<path> or postgres://<user>:<password>@<host>/<database>.');
}
