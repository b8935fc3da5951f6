import { SqliteAdapter } from 'kysely';

/**
 * The adapter of a database with one connection, which belongs to the open transaction. The statements of every request
 * run on it at once: Kysely's executor takes as long as SQLite itself.
 */
export abstract class DirectAdapter extends SqliteAdapter {
  /** Runs a statement of the open transaction, and returns how many rows it changed. */
  abstract run(text: string, values: readonly unknown[]): number;
}
