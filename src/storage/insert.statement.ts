import { type Compilable, CompiledQuery, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

/**
 * An insert whose SQL is built with its first row and kept: for one row, building costs more than running.
 * Every row has the same columns, and no value may stand in the statement but the row's own.
 */
export class InsertStatement<Row extends object> {
  #sql: string | undefined;
  #columns: readonly (keyof Row)[] = [];

  constructor(private readonly build: (transaction: Transaction<Schema>, row: Row) => Compilable) {}

  async run(transaction: Transaction<Schema>, row: Row): Promise<void> {
    await this.hits(transaction, row);
  }

  /** Whether the row was written, where a conflict may keep it out. */
  async hits(transaction: Transaction<Schema>, row: Row): Promise<boolean> {
    if (this.#sql === undefined) this.#prepare(transaction, row);
    const values = this.#columns.map((column) => row[column]);
    const { numAffectedRows = 0n } = await transaction.executeQuery(CompiledQuery.raw(this.#sql ?? '', values));
    return numAffectedRows > 0n;
  }

  #prepare(transaction: Transaction<Schema>, row: Row): void {
    const { sql, parameters } = this.build(transaction, row).compile();
    const columns = keysOf(row);
    if (parameters.length !== columns.length) throw new Error(`Not only the row's values stand in: ${sql}`);
    this.#columns = columns;
    this.#sql = sql;
  }
}

function keysOf<Row extends object>(row: Row): (keyof Row)[] {
  const keys: (keyof Row)[] = [];
  for (const key in row) keys.push(key);
  return keys;
}
