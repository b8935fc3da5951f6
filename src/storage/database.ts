import type { OnApplicationShutdown } from '@nestjs/common';
import type { Kysely } from 'kysely';
import type { Durability, Engine, Work } from './engine.js';
import { migrate } from './migrate.js';
import { PostgresEngine } from './postgres.engine.js';
import type { Schema } from './schema.js';
import { SqliteEngine } from './sqlite.engine.js';
import { WriteQueue } from './write.queue.js';

const PING_LIMIT_MS = 1000;

/** What a write asks of its commit. */
export interface WriteOptions {
  /** `process`: it survives a killed process, but perhaps not a power cut. Default: `disk`. */
  readonly durability?: Durability | undefined;
}

/** Who opens a database. */
export interface OpenOptions {
  /** A command-line tool, which may work on the file of a service that runs. Default: the service itself. */
  readonly isTool?: boolean | undefined;
}

/** The service's data. What `write` has resolved for is on the disk and survives `kill -9`. */
export class Database implements OnApplicationShutdown {
  readonly query: Kysely<Schema>;
  readonly dialect: Engine['dialect'];
  private readonly writes: WriteQueue;

  private constructor(private readonly engine: Engine) {
    this.query = engine.query;
    this.dialect = engine.dialect;
    this.writes = new WriteQueue(engine);
  }

  /**
   * Opens the database and brings its tables up to date.
   *
   * @param url `file:<path>`, whose folder is made when it is missing, or `postgres://<user>:<password>@<host>/<database>`.
   * @throws Error when it is in use, cannot be opened or reached, or was written by a newer version.
   */
  static async open(url: string, { isTool }: OpenOptions = {}): Promise<Database> {
    const database = new Database(await engineOf(url, isTool));
    try {
      await database.engine.migrate(migrate);
      return database;
    } catch (error) {
      await database.onApplicationShutdown();
      throw error;
    }
  }

  /**
   * Runs `work` in a transaction and gives what it gave, once that is committed. The writes of one tick share one
   * commit, since a commit waits for the disk. If a write fails, it is tried alone, so that it cannot take the others
   * with it. `work` may therefore run twice, and must touch nothing but the transaction.
   *
   * `work` returns an expected refusal as a value and does not throw it: to throw undoes the writes of all callers.
   *
   * @throws DatabaseAway when the connection broke. A commit that was under way may have come about.
   */
  write<T>(work: Work<T>, { durability = 'disk' }: WriteOptions = {}): Promise<T> {
    return this.writes.add(work, durability);
  }

  /** Resolves when the database takes writes; rejects within a second with what stands in the way. */
  async ping(): Promise<void> {
    const limit = Promise.withResolvers<never>();
    const timer = setTimeout(() => limit.reject(new Error('The database does not answer.')), PING_LIMIT_MS);
    await Promise.race([this.#ping(), limit.promise]).finally(() => clearTimeout(timer));
  }

  /** Sees to it that what was erased cannot be read any more. */
  scrub(): Promise<void> {
    return this.engine.scrub();
  }

  onApplicationShutdown(): Promise<void> {
    return this.engine.close();
  }

  async #ping(): Promise<void> {
    await this.engine.ping();
    // After a write that failed only another write can tell whether the disk is well again.
    if (this.writes.isFailing) await this.write((transaction) => this.engine.probe(transaction));
  }
}

async function engineOf(url: string, isTool: boolean | undefined): Promise<Engine> {
  if (/^postgres(ql)?:\/\//.test(url)) return PostgresEngine.create(url);
  if (url.startsWith('file:')) return new SqliteEngine(url.slice('file:'.length).replace(/^\/\/(?=\/)/, ''), isTool);
  throw new Error('The database URL must be file:<path> or postgres://<user>:<password>@<host>/<database>.');
}
