import { type Compilable, CompiledQuery, type Transaction } from 'kysely';
import type { Schema } from './schema.js';

interface Prepared<Row> {
  readonly sql: string;
  readonly columns: readonly (keyof Row)[];
}

/**
 * An insert whose SQL is built with its first row and kept: for one row, building costs more than running.
 * Every row has the same columns, and no value may stand in the statement but the row's own.
 */
export class InsertStatement<Row extends object> {
  /** By the adapter of its database: each dialect writes its own SQL. */
  readonly #prepared = new WeakMap<object, Prepared<Row>>();

  constructor(private readonly build: (transaction: Transaction<Schema>, row: Row) => Compilable) {}

  async run(transaction: Transaction<Schema>, row: Row): Promise<void> {
    await this.hits(transaction, row);
  }

  /** Whether the row was written, where a conflict may keep it out. */
  async hits(transaction: Transaction<Schema>, row: Row): Promise<boolean> {
    const { adapter } = transaction.getExecutor();
    const { sql, columns } = this.#prepared.get(adapter) ?? this.#prepare(transaction, row);
    const values = columns.map((column) => row[column]);
    const { numAffectedRows = 0n } = await transaction.executeQuery(CompiledQuery.raw(sql, values));
    return numAffectedRows > 0n;
  }

  #prepare(transaction: Transaction<Schema>, row: Row): Prepared<Row> {
    const { sql, parameters } = this.build(transaction, row).compile();
    const columns = keysOf(row);
    if (parameters.length !== columns.length) throw new Error(`Not only the row's values stand in: ${sql}`);
    const prepared = { sql, columns };
    this.#prepared.set(transaction.getExecutor().adapter, prepared);
    return prepared;
  }
}

function keysOf<Row extends object>(row: Row): (keyof Row)[] {
  const keys: (keyof Row)[] = [];
  for (const key in row) keys.push(key);
  return keys;
}
