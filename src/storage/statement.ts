import { CompiledQuery, PostgresAdapter, type QueryResult, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/**
 * A statement in plain SQL, with `?` for each value. For the statements of every request, building costs more than
 * running.
 */
export class Statement<Row = unknown> {
  readonly #numbered: string;

  constructor(private readonly text: string) {
    let count = 0;
    this.#numbered = text.replaceAll('?', () => `$${++count}`);
  }

  async run(transaction: Transaction<Schema>, ...values: readonly unknown[]): Promise<QueryResult<Row>> {
    const isPostgres = transaction.getExecutor().adapter instanceof PostgresAdapter;
    return await transaction.executeQuery(CompiledQuery.raw(isPostgres ? this.#numbered : this.text, [...values]));
  }

  /** Runs the statement, and returns whether it changed a row. */
  async executeAffected(transaction: Transaction<Schema>, ...values: readonly unknown[]): Promise<boolean> {
    const { numAffectedRows = 0n } = await this.run(transaction, ...values);
    return numAffectedRows > 0n;
  }
}
