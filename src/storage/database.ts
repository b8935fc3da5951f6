import { statSync } from 'node:fs';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Kysely, sql, type Transaction } from 'kysely';
import { Migrator } from 'kysely/migration';
import { MIGRATIONS } from './migrations/index.js';
import type { Schema } from './schema.js';
import { sqliteDialect } from './sqlite.dialect.js';

/** A write that changes nothing. */
const PROBE = sql`pragma user_version = 0`;

/** What a write asks of its commit. */
export interface WriteOptions {
  /** `process`: it survives a killed process, but perhaps not a power cut. Default: `disk`. */
  readonly durability?: 'disk' | 'process' | undefined;
}

interface PendingWrite {
  readonly work: (transaction: Transaction<Schema>) => Promise<void>;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** The service's data. What `write` has resolved for is on the disk and survives `kill -9`. */
export class Database implements OnApplicationShutdown {
  #pending: PendingWrite[] = [];
  #isFailing = false;
  readonly dialect: 'sqlite' | 'postgres' = 'sqlite';
  private readonly inode: number | undefined;

  private constructor(
    readonly query: Kysely<Schema>,
    private readonly file: string,
  ) {
    this.inode = inodeOf(file);
  }

  /**
   * Opens the database and brings its tables up to date.
   *
   * @param url `file:<path>`; the folder is made when it is missing.
   * @throws Error when the file is in use, cannot be opened, or was written by a newer version.
   */
  static async open(url: string): Promise<Database> {
    const file = pathOf(url);
    const database = new Database(new Kysely<Schema>({ dialect: sqliteDialect(file) }), file);
    try {
      await database.#migrate();
      return database;
    } catch (error) {
      await database.onApplicationShutdown();
      throw error;
    }
  }

  /**
   * Runs `work` in a transaction. The writes of one tick share one commit, since a commit waits for the
   * disk; should it fail, each is tried alone, so that one bad write cannot take the others with it.
   * `work` may therefore run twice, and must touch nothing but the transaction.
   */
  async write<T>(
    work: (transaction: Transaction<Schema>) => Promise<T>,
    _options: WriteOptions = {},
  ): Promise<T> {
    const results: T[] = [];
    await new Promise<void>((resolve, reject) => {
      const keep = async (transaction: Transaction<Schema>): Promise<void> => {
        results[0] = await work(transaction);
      };
      if (this.#pending.push({ work: keep, resolve, reject }) === 1) setImmediate(() => void this.#commitPending());
    });
    const [result] = results;
    if (result === undefined && results.length === 0) throw new Error('unreachable');
    return result as T;
  }

  /** Resolves when the database takes writes; rejects with what stands in the way. */
  async ping(): Promise<void> {
    if (inodeOf(this.file) !== this.inode) throw new Error(`The database file ${this.file} was removed or replaced.`);
    await sql`select 1`.execute(this.query);
    // After a write that failed only another write can tell whether the disk is well again.
    if (this.#isFailing) await this.write(async (transaction) => void (await PROBE.execute(transaction)));
  }

  /** Moves what was erased out of the log too, where it would stay readable until it is written over. */
  async scrub(): Promise<void> {
    await sql`pragma wal_checkpoint(truncate)`.execute(this.query);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.query.destroy();
  }

  async #commitPending(): Promise<void> {
    const writes = this.#pending;
    this.#pending = [];
    try {
      await this.#commit(writes);
      this.#isFailing = false;
      for (const write of writes) write.resolve();
    } catch (reason) {
      this.#isFailing = true;
      if (writes.length === 1) writes[0]?.reject(reason);
      else for (const write of writes) await this.#commit([write]).then(write.resolve, write.reject);
    }
  }

  #commit(writes: readonly PendingWrite[]): Promise<void> {
    return this.query.transaction().execute(async (transaction) => {
      for (const { work } of writes) await work(transaction);
    });
  }

  async #migrate(): Promise<void> {
    const applied = await new Migrator({
      db: this.query,
      provider: { getMigrations: () => Promise.resolve(MIGRATIONS) },
    }).migrateToLatest();
    if (applied.error === undefined) return;
    const cause = applied.error;
    const isNewer = cause instanceof Error && cause.message.includes('previously executed migration');
    throw new Error(
      isNewer
        ? 'The database was written by a newer version. Start that version, or choose another DATABASE_URL.'
        : 'The tables could not be brought up to date.',
      { cause },
    );
  }
}

function pathOf(url: string): string {
  return url.slice('file:'.length).replace(/^\/\/(?=\/)/, '');
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
