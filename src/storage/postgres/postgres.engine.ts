import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely';
import type { Pool, PoolConfig } from 'pg';
import { importOptional } from '../../async/optional.package.js';
import type { Durability, Engine, Work } from '../engine.js';
import { tablesAge } from '../migrate.js';
import { Pipeline } from './pipeline.js';
import { PipelinedDialect } from './pipelined.dialect.js';
import { OutageLog, PostgresConnections } from './postgres.connections.js';
import type { Schema } from '../schema.js';

/**
 * Writes use one connection, one after the other. Heartbeats and pings use another, because slow reads must not make a
 * replica look dead. The others are for reads, which take a millisecond each. A larger pool would take connections from
 * other replicas: PostgreSQL has a hundred by default.
 */
const READ_CONNECTIONS = 8;
/** Far longer than any read of the service takes: a list reads a page by an index. */
const READ_TIMEOUT_MS = 10_000;
const CONNECT_TIMEOUT_MS = 5000;
/** Far longer than any statement of the service takes. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** For an unresponsive server; the server's own limit comes first. */
const QUERY_TIMEOUT_MS = STATEMENT_TIMEOUT_MS + 5000;
/** A process that hangs in a transaction blocks the other replicas. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_MS = 10_000;
const PING_TIMEOUT_MS = 1000;

const LIMITS = {
  statement_timeout: STATEMENT_TIMEOUT_MS,
  query_timeout: QUERY_TIMEOUT_MS,
  idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
} as const satisfies PoolConfig;

/** The type ids of int8, which a count has, and numeric, which a sum of int8 has. */
const NUMBERS = new Set([20, 1700]);

const WITHOUT_FLUSH = CompiledQuery.raw('set local synchronous_commit = off');
/** Fails if the server refuses writes, as a standby does. */
const PROBE = CompiledQuery.raw('delete from runs where false');

/**
 * A PostgreSQL server, over connections that are restored after an outage. Its vacuum removes erased data from its
 * files and its log.
 */
export class PostgresEngine implements Engine {
  readonly dialect = 'postgres';
  readonly query: Kysely<Schema>;
  readonly urgent: Kysely<Schema>;
  readonly pipeline = new Pipeline();
  readonly #writes: Kysely<Schema>;
  readonly #pings: PostgresConnections;
  readonly #pools: PostgresConnections[] = [];
  #ping: Promise<void> | undefined;

  private constructor(private readonly newPool: (config: PoolConfig) => Pool) {
    const outages = new OutageLog();
    const open = (config: PoolConfig): PostgresConnections => {
      const pool = new PostgresConnections(newPool({ ...LIMITS, ...config }), outages);
      this.#pools.push(pool);
      return pool;
    };
    this.#pings = open({ max: 1 });
    this.urgent = kyselyOver(this.#pings);
    const writing = open({ max: 1, pipeline: true });
    this.#writes = new Kysely<Schema>({ dialect: new PipelinedDialect(writing, this.pipeline) });
    this.query = kyselyOver(open({ max: READ_CONNECTIONS, statement_timeout: READ_TIMEOUT_MS }));
  }

  /** @throws Error if the package `pg` is not installed, or cannot parse the URL. */
  static async create(connectionString: string): Promise<PostgresEngine> {
    // The driver is optional: it is loaded only if PostgreSQL is used.
    const pg = await importOptional('pg', 'A postgres:// database', () => import('pg'));
    const shared: PoolConfig = {
      connectionString,
      fallback_application_name: 'rookery',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      types: {
        getTypeParser: (oid: number, format): unknown =>
          NUMBERS.has(oid) ? Number : pg.types.getTypeParser(oid, format),
      },
    };
    try {
      void new pg.Client(shared);
    } catch {
      // Hides the driver's error, which may contain the URL with its password.
      throw new Error(
        'The database URL cannot be read. Write postgres://<user>:<password>@<host>:<port>/<database>, ' +
          'with special characters percent-encoded.',
      );
    }
    const newPool = (config: PoolConfig): Pool => new pg.Pool({ ...shared, ...config });
    return new PostgresEngine(newPool);
  }

  /** A migration has no time limits: it waits for the lock, and changes of large tables take long. */
  async migrate(migrations: (db: Kysely<Schema>) => Promise<void>): Promise<void> {
    if ((await tablesAge(this.query)) === 'current') return;
    const connection = new PostgresConnections(this.newPool({ max: 1 }));
    try {
      await migrations(kyselyOver(connection));
    } finally {
      await connection.end();
    }
  }

  transact(durability: Durability, work: Work<void>): Promise<void> {
    this.pipeline.clear();
    return this.#writes.transaction().execute(async (transaction) => {
      if (durability === 'process') this.pipeline.send(WITHOUT_FLUSH);
      await work(transaction);
    });
  }

  /** Concurrent calls share one ping, so that pings of an unresponsive server do not accumulate. */
  ping(): Promise<void> {
    this.#ping ??= this.#pings.ping(PING_TIMEOUT_MS).finally(() => (this.#ping = undefined));
    return this.#ping;
  }

  async probe(transaction: Transaction<Schema>): Promise<void> {
    await transaction.executeQuery(PROBE);
  }

  async close(): Promise<void> {
    await Promise.all([this.query, this.#writes, this.urgent].map((each) => each.destroy()));
    await Promise.all(this.#pools.map((pool) => pool.end()));
  }
}

function kyselyOver(pool: PostgresConnections): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}
