import type { Kysely, Transaction } from 'kysely';
import type { Pipeline } from './postgres/pipeline.js';
import type { Schema } from './schema.js';

/**
 * The failure that a write survives. `disk`: a power cut. `process`: a killed process, but possibly not a power cut.
 */
export type Durability = 'disk' | 'process';

/** The work of a transaction. It may run twice, and must touch nothing but the transaction. */
export type Work<T> = (transaction: Transaction<Schema>) => Promise<T>;

/** A log that holds erased data until it is truncated. */
export interface ErasedLog {
  /** Tries once. Resolves to false if another connection uses the file. */
  truncate(): Promise<boolean>;
}

/** The operations that differ between SQLite and PostgreSQL. */
export interface Engine {
  readonly dialect: 'sqlite' | 'postgres';
  /** For reads. */
  readonly query: Kysely<Schema>;
  /** For short statements that must wait neither for reads nor for writes, as heartbeats. */
  readonly urgent: Kysely<Schema>;
  /** Runs the migrations on a connection without short time limits. */
  migrate(migrations: (db: Kysely<Schema>) => Promise<void>): Promise<void>;
  /** Runs `work` in a transaction and commits it with that durability. */
  transact(durability: Durability, work: Work<void>): Promise<void>;
  /** The statements of the open transaction. Omitted if each is answered at once. */
  readonly pipeline?: Pipeline;
  /** Resolves if the database can be read; rejects with the reason if it cannot. */
  ping(): Promise<void>;
  /** A write that changes nothing. */
  probe(transaction: Transaction<Schema>): Promise<void>;
  /**
   * Returns some unused pages of the file to the file system. Resolves to false if it keeps the rest for new rows.
   * Omitted if the server does that by itself.
   */
  shrink?(transaction: Transaction<Schema>): Promise<boolean>;
  /** Omitted if neither queries nor files of the service show erased data. */
  readonly erasedLog?: ErasedLog;
  close(): Promise<void>;
}
