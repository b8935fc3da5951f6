import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from 'kysely';
import type { Pool } from 'pg';
import { DatabaseUnavailableError, isServerError, isReadOnly, toOutage } from '../database.unavailable.js';

/** How long closing waits for connections in use: an unresponsive server would never release them. */
const CLOSE_TIMEOUT_MS = 2000;

/** Logs once per outage, for any number of broken connections of several pools. */
export class OutageLog {
  readonly #logger = new Logger(PostgresConnections.name);
  /** True until the first connection: before that, the code that opens the database reports the failure. */
  #isDisconnected = true;
  #isClosed = false;

  begin(line: string): void {
    if (this.#isDisconnected || this.#isClosed) return;
    this.#isDisconnected = true;
    this.#logger.warn(line);
  }

  /** A connection was opened. */
  end(): void {
    this.#isDisconnected = false;
  }

  /** The pools are closed: their connections end without an outage. */
  close(): void {
    this.#isClosed = true;
  }
}

/**
 * The connections of a pool. Broken connections are discarded: the pool by itself would reuse one that timed out.
 * Throws `DatabaseUnavailableError` if a connection breaks or the server cannot work now; any other refusal is thrown unchanged.
 */
export class PostgresConnections implements PostgresPool {
  readonly #broken = new WeakSet<object>();
  readonly #connections = new WeakMap<object, Connection>();
  #ended: Promise<void> | undefined;

  constructor(
    private readonly pool: Pool,
    private readonly outages = new OutageLog(),
  ) {
    // Without a listener an error would end the process, whether the connection is in use or not.
    pool.on('connect', (client) => {
      outages.end();
      client.on('error', () => this.#broken.add(client));
    });
    pool.on('error', (reason) => outages.begin(`PostgreSQL ended a connection: ${reason.message}`));
  }

  get options(): object {
    return this.pool.options;
  }

  async connect(): Promise<PostgresPoolClient> {
    try {
      const client = await this.pool.connect();
      // The query builder recognizes a connection by its object.
      const connection = this.#connections.get(client) ?? new Connection(client, this.#broken);
      this.#connections.set(client, connection);
      return connection;
    } catch (cause) {
      const away = new DatabaseUnavailableError(cause);
      this.outages.begin(away.reason);
      throw away;
    }
  }

  /** Resolves if the server answers within the time. */
  async ping(timeoutMs: number): Promise<void> {
    const query = { text: 'select 1', query_timeout: timeoutMs };
    await this.pool.query(query).catch((cause: unknown) => {
      throw new DatabaseUnavailableError(cause);
    });
  }

  end(): Promise<void> {
    this.outages.close();
    this.#ended ??= Promise.race([this.pool.end(), sleep(CLOSE_TIMEOUT_MS, undefined, { ref: false })]);
    return this.#ended;
  }
}

class Connection implements PostgresPoolClient {
  constructor(
    private readonly client: PostgresPoolClient,
    private readonly broken: WeakSet<object>,
  ) {}

  query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  query<R>(
    sql: string | PostgresCursor<R>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<R>> | PostgresCursor<R> {
    if (typeof sql !== 'string') return this.client.query(sql);
    return this.#run<R>(sql, parameters.map(toPostgres));
  }

  release(isDiscarded = false): void {
    this.client.release(isDiscarded || this.broken.has(this.client));
  }

  async #run<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>> {
    // The server has already rolled back for a broken connection. Another rollback would hide the first error.
    if (sql === 'rollback' && this.broken.has(this.client)) return { command: 'ROLLBACK', rowCount: 0, rows: [] };
    try {
      return await this.client.query<R>(sql, parameters);
    } catch (cause) {
      if (isServerError(cause) && !this.broken.has(this.client)) {
        if (isReadOnly(cause)) this.broken.add(this.client);
        throw toOutage(cause);
      }
      this.broken.add(this.client);
      throw new DatabaseUnavailableError(cause);
    }
  }
}

/**
 * Accepts what SQLite stores too, and booleans, which Kysely's own queries use. A text of PostgreSQL cannot hold NUL.
 */
function toPostgres(value: unknown): unknown {
  if (typeof value === 'string') return value.includes('\0') ? value.replaceAll('\0', '\uFFFD') : value;
  if (value === null || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return value;
  }
  throw new TypeError(`The database stores text, numbers and null, not a ${typeof value}.`);
}
