import { type Compilable, CompiledQuery, type Transaction } from 'kysely';
import { DirectAdapter } from './direct.adapter.js';
import { PipelinedAdapter } from './pipelined.adapter.js';
import type { Schema } from '../schema.js';

interface Prepared<Row> {
  readonly sql: string;
  readonly columns: readonly (keyof Row)[];
}

/**
 * An insert whose SQL is built with its first row and cached: for one row, building costs more than running. All rows
 * must have the same columns, and the statement may have no other values than those of the row.
 */
export class InsertStatement<Row extends object> {
  /** By database adapter: each dialect has its own SQL. */
  readonly #prepared = new WeakMap<object, Prepared<Row>>();

  constructor(private readonly build: (transaction: Transaction<Schema>, row: Row) => Compilable) {}

  /** Inserts the row. Resolves to false if a conflict prevented it. */
  async run(transaction: Transaction<Schema>, row: Row): Promise<boolean> {
    const { adapter } = transaction.getExecutor();
    const { sql, values } = this.#statementOf(transaction, row);
    if (adapter instanceof DirectAdapter) return adapter.run(sql, values) > 0;
    const query = CompiledQuery.raw(sql, values);
    if (adapter instanceof PipelinedAdapter) return await adapter.pipeline.ask(query);
    const { numAffectedRows = 0n } = await transaction.executeQuery(query);
    return numAffectedRows > 0n;
  }

  /** Like `run`, if nobody asks whether there was a conflict: PostgreSQL need not answer before the commit. */
  async execute(transaction: Transaction<Schema>, row: Row): Promise<void> {
    const { adapter } = transaction.getExecutor();
    if (!(adapter instanceof PipelinedAdapter)) return void (await this.run(transaction, row));
    const { sql, values } = this.#statementOf(transaction, row);
    adapter.pipeline.send(CompiledQuery.raw(sql, values));
  }

  #statementOf(transaction: Transaction<Schema>, row: Row): { readonly sql: string; readonly values: unknown[] } {
    const { adapter } = transaction.getExecutor();
    const { sql, columns } = this.#prepared.get(adapter) ?? this.#prepare(transaction, row);
    return { sql, values: columns.map((column) => row[column]) };
  }

  #prepare(transaction: Transaction<Schema>, row: Row): Prepared<Row> {
    const { sql, parameters } = this.build(transaction, row).compile();
    const columns = keysOf(row);
    if (parameters.length !== columns.length) throw new Error(`The insert has values that are not of the row: ${sql}`);
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
