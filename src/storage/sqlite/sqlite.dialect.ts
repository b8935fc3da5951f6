import { closeSync, existsSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { type SqliteAdapter, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { makeFolder } from '../../errors/make.folder.js';
import { DirectAdapter } from '../statements/direct.adapter.js';
import { sqliteFailure } from './sqlite.failure.js';

/** Not imported: an older Node could not load this file, and would not say which version is needed. */
const sqlite = process.getBuiltinModule('node:sqlite');

/** Shrinks a file by a number of pages. */
export const SHRINK_STEP = 'pragma incremental_vacuum';

/**
 * A commit is on disk when it returns, and erased data is overwritten. The log is moved into the file every 16 MiB: the
 * newest pages change with each commit, and are moved a quarter as often as by default.
 */
const PRAGMAS = `
  pragma journal_mode = wal;
  pragma synchronous = full;
  pragma secure_delete = on;
  pragma wal_autocheckpoint = 4000;
`;

/** Only for a new file: it takes the lock of writers, and has no effect once the file has a page. */
const SHRINKABLE = 'pragma auto_vacuum = incremental';

/** More distinct statements than the service has. The bound keeps dynamic statements from growing the cache forever. */
const MAX_PREPARED = 200;

/** Conversations and hashes of keys are for the user of the service alone. */
const PRIVATE_FOLDER = 0o700;
const PRIVATE_FILE = 0o600;

/** The options that choose the file, of the service and of the module. */
const CHOOSE = 'choose another file by DATABASE_URL, or `databaseUrl` of AgentModule';

/**
 * Kysely's SQLite dialect over node:sqlite, for the one service of its file, or for a tool beside it.
 *
 * @throws Error if another process serves the same file.
 */
export function sqliteDialect(file: string, isTool = false): SqliteDialect {
  const lock = isTool ? undefined : lockFile(file);
  try {
    return new NodeSqliteDialect(new NodeSqlite(connect(file), lock));
  } catch (error) {
    lock?.close();
    throw error;
  }
}

function connect(file: string): DatabaseSync {
  try {
    createPrivately(file);
    const connection = new sqlite.DatabaseSync(file, { timeout: 5_000 });
    if (isEmpty(connection)) connection.exec(SHRINKABLE);
    connection.exec(PRAGMAS);
    return connection;
  } catch (cause) {
    throw openFailure(file, cause);
  }
}

function openFailure(file: string, cause: unknown): Error {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new Error(`The database file ${file} cannot be opened: ${reason}. Mend that, or ${CHOOSE}.`, { cause });
}

/**
 * Holds an operating system lock beside the database, which ends with the process in any case. Undefined for a database in
 * memory: no other process can open it.
 */
export function lockFile(file: string): DatabaseSync | undefined {
  if (file === ':memory:') return undefined;
  const lock = openLock(file);
  try {
    lock.exec('begin exclusive');
    return lock;
  } catch (cause) {
    lock.close();
    throw new Error(`The database file ${file} is in use by another service. Stop it, or ${CHOOSE}.`, { cause });
  }
}

function openLock(file: string): DatabaseSync {
  try {
    createPrivately(`${file}.lock`);
    return new sqlite.DatabaseSync(`${file}.lock`);
  } catch (cause) {
    throw openFailure(file, cause);
  }
}

function isEmpty(connection: DatabaseSync): boolean {
  return connection.prepare('pragma page_count').get()?.page_count === 0;
}

/**
 * Creates the folder, and the file before SQLite would, which takes the mode of the process's mask. Its log and journal get the mode of
 * the file. An existing file keeps its mode: operators may have opened it to a group.
 */
function createPrivately(file: string): void {
  if (file === ':memory:' || existsSync(file)) return;
  makeFolder(dirname(file), PRIVATE_FOLDER);
  closeSync(openSync(file, 'a', PRIVATE_FILE));
}

class NodeSqliteDialect extends SqliteDialect {
  constructor(private readonly database: NodeSqlite) {
    super({ database });
  }

  override createAdapter(): SqliteAdapter {
    return new NodeSqliteAdapter(this.database);
  }
}

class NodeSqliteAdapter extends DirectAdapter {
  constructor(private readonly database: NodeSqlite) {
    super();
  }

  /** Migrates in one transaction: all or nothing, and with one write to disk in place of one for each statement. */
  override get supportsTransactionalDdl(): boolean {
    return true;
  }

  override run(text: string, values: readonly unknown[]): number {
    return Number(this.database.prepare(text).run(values).changes);
  }
}

/** The driver interface that Kysely expects, with cached statements. */
class NodeSqlite implements SqliteDatabase {
  readonly #prepared = new Map<string, SqliteStatement>();

  constructor(
    private readonly connection: DatabaseSync,
    private readonly lock: DatabaseSync | undefined,
  ) {}

  prepare(sql: string): SqliteStatement {
    const prepared = this.#prepared.get(sql);
    if (prepared) return prepared;
    if (sql === 'rollback') return rollbackOf(this.connection);
    if (this.#prepared.size >= MAX_PREPARED) this.#prepared.clear();
    // A transaction that reads before it writes would fail if a tool has written in between.
    const text = sql === 'begin' ? 'begin immediate' : sql;
    // Preparing a statement reads the tables of the file, which may fail like any read.
    const statement = new NodeSqliteStatement(
      orOutage(() => this.connection.prepare(text)),
      text,
    );
    this.#prepared.set(sql, statement);
    return statement;
  }

  close(): void {
    this.connection.close();
    this.lock?.close();
  }
}

class NodeSqliteStatement implements SqliteStatement {
  readonly reader: boolean;

  constructor(
    private readonly statement: StatementSync,
    sql: string,
  ) {
    // A step has a row for each page, but no columns. It ends with its last row.
    this.reader = statement.columns().length > 0 || sql.startsWith(SHRINK_STEP);
  }

  all(parameters: readonly unknown[]): unknown[] {
    return orOutage(() => this.statement.all(...parameters.map(toSqlite)));
  }

  run(parameters: readonly unknown[]): { changes: number | bigint; lastInsertRowid: number | bigint } {
    return orOutage(() => this.statement.run(...parameters.map(toSqlite)));
  }

  *iterate(parameters: readonly unknown[]): Generator<unknown, void, undefined> {
    try {
      yield* this.statement.iterate(...parameters.map(toSqlite));
    } catch (failure) {
      throw sqliteFailure(failure);
    }
  }
}

/** SQLite rolls back by itself if the disk is full. Another rollback would hide the first error. */
function rollbackOf(connection: DatabaseSync): SqliteStatement {
  return {
    reader: false,
    all: () => [],
    iterate: () => [].values(),
    run() {
      if (connection.isTransaction) connection.exec('rollback');
      return { changes: 0, lastInsertRowid: 0 };
    },
  };
}

/** @throws DatabaseUnavailableError if the file cannot be used now. */
function orOutage<T>(work: () => T): T {
  try {
    return work();
  } catch (failure) {
    throw sqliteFailure(failure);
  }
}

function toSqlite(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint') {
    return value;
  }
  throw new TypeError(`SQLite stores text, numbers and null, not a ${typeof value}.`);
}
