import { CompiledQuery, PostgresAdapter, type QueryResult, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/**
 * A statement that is written out, with `?` for each value: on the road of every request, building one costs more
 * than running it.
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

  /** Whether it changed a row. */
  async hits(transaction: Transaction<Schema>, ...values: readonly unknown[]): Promise<boolean> {
    const { numAffectedRows = 0n } = await this.run(transaction, ...values);
    return numAffectedRows > 0n;
  }
}
