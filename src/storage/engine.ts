import type { Kysely, Transaction } from 'kysely';
import type { Schema } from './schema.js';

/** What a write survives: `disk` a power cut, `process` a killed process but perhaps no power cut. */
export type Durability = 'disk' | 'process';

/** What is done in a transaction. It may run twice, and must touch nothing but the transaction. */
export type Work<T> = (transaction: Transaction<Schema>) => Promise<T>;

/** A log that holds erased data until it is truncated. */
export interface ErasedLog {
  /** Tries once. Resolves to false if another connection uses the file. */
  truncate(): Promise<boolean>;
}

/** What SQLite and PostgreSQL do each in its own way. */
export interface Engine {
  readonly dialect: 'sqlite' | 'postgres';
  readonly query: Kysely<Schema>;
  /** Runs the migrations on a connection that may take its time. */
  migrate(migrations: (db: Kysely<Schema>) => Promise<void>): Promise<void>;
  /** Runs `work` in a transaction that lasts as asked once it is committed. */
  transact(durability: Durability, work: Work<void>): Promise<void>;
  /** Whether the database went away: no work is to blame, and after COMMIT nobody knows how it ended. */
  isAway(reason: unknown): boolean;
  /** Resolves when the database can be read; rejects with what stands in the way. */
  ping(): Promise<void>;
  /** A write that changes nothing. */
  probe(transaction: Transaction<Schema>): Promise<void>;
  /** Left out: no query and no file of ours shows what was erased. */
  readonly erasedLog?: ErasedLog;
  close(): Promise<void>;
}
