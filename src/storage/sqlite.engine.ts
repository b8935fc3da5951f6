import { statSync } from 'node:fs';
import { CompiledQuery, Kysely, type Transaction } from 'kysely';
import { isNobodysFault } from './database.away.js';
import type { Durability, Engine, Work } from './engine.js';
import { CheckpointThread } from './checkpoint.thread.js';
import type { Schema } from './schema.js';
import { isCurrent } from './migrate.js';
import { lockFile, sqliteDialect } from './sqlite.dialect.js';

const READ = CompiledQuery.raw('select 1');
const PROBE = CompiledQuery.raw('pragma user_version = 0');
/** With NORMAL a commit is in the log, where it outlives the process, and on the disk with the next FULL one. */
const SYNCHRONOUS = {
  disk: CompiledQuery.raw('pragma synchronous = full'),
  process: CompiledQuery.raw('pragma synchronous = normal'),
} as const;

/** A file, over the one connection of its one service, or of a tool beside it. */
export class SqliteEngine implements Engine {
  readonly dialect = 'sqlite';
  readonly query: Kysely<Schema>;
  readonly erasedLog: CheckpointThread;
  /** As the dialect opens it. */
  #durability: Durability = 'disk';
  private readonly inode: number | undefined;

  /** @throws Error when the file is in use or cannot be opened. */
  constructor(
    private readonly file: string,
    private readonly isTool = false,
  ) {
    this.query = new Kysely<Schema>({ dialect: sqliteDialect(file, isTool) });
    this.erasedLog = new CheckpointThread(file);
    this.inode = inodeOf(file);
  }

  /** A tool changes no tables under a service that runs. */
  async migrate(migrations: (db: Kysely<Schema>) => Promise<void>): Promise<void> {
    const lock = this.isTool && !(await isCurrent(this.query)) ? lockFile(this.file) : undefined;
    try {
      await migrations(this.query);
    } finally {
      lock?.close();
    }
  }

  async transact(durability: Durability, work: Work<void>): Promise<void> {
    if (durability !== this.#durability) {
      await this.query.executeQuery(SYNCHRONOUS[durability]);
      this.#durability = durability;
    }
    await this.query.transaction().execute(work);
  }

  isAway(reason: unknown): boolean {
    return isNobodysFault(reason);
  }

  async ping(): Promise<void> {
    if (inodeOf(this.file) !== this.inode) throw new Error(`The database file ${this.file} was removed or replaced.`);
    await this.query.executeQuery(READ);
  }

  async probe(transaction: Transaction<Schema>): Promise<void> {
    await transaction.executeQuery(PROBE);
  }

  async close(): Promise<void> {
    await this.erasedLog.close();
    await this.query.destroy();
  }
}

function inodeOf(file: string): number | undefined {
  return statSync(file, { throwIfNoEntry: false })?.ino;
}
