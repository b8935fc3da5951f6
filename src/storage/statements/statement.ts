import { CompiledQuery, type Kysely, PostgresAdapter, type Transaction } from 'kysely';
import { DirectAdapter } from './direct.adapter.js';
import { PipelinedAdapter } from './pipelined.adapter.js';
import type { Schema } from '../schema.js';

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

  /** Runs the statement, and returns its rows. */
  async query(query: Kysely<Schema>, ...values: readonly unknown[]): Promise<readonly Row[]> {
    const { rows } = await query.executeQuery(this.#compile(query, values));
    return rows;
  }

  /** Runs the statement. Resolves to whether it changed a row. */
  async run(transaction: Transaction<Schema>, ...values: readonly unknown[]): Promise<boolean> {
    const { adapter } = transaction.getExecutor();
    if (adapter instanceof DirectAdapter) return adapter.run(this.text, values) > 0;
    const query = this.#compile(transaction, values);
    if (adapter instanceof PipelinedAdapter) return await adapter.pipeline.ask(query);
    const { numAffectedRows = 0n } = await transaction.executeQuery(query);
    return numAffectedRows > 0n;
  }

  /** Like `run`, for a statement that nearly always changes a row: PostgreSQL need not answer before the commit. */
  async expect(transaction: Transaction<Schema>, ...values: readonly unknown[]): Promise<boolean> {
    const { adapter } = transaction.getExecutor();
    if (!(adapter instanceof PipelinedAdapter)) return await this.run(transaction, ...values);
    return await adapter.pipeline.expect(this.#compile(transaction, values));
  }

  /** Like `run`, if nobody asks what the statement changes: PostgreSQL need not answer before the commit. */
  async execute(transaction: Transaction<Schema>, ...values: readonly unknown[]): Promise<void> {
    const { adapter } = transaction.getExecutor();
    if (adapter instanceof PipelinedAdapter) adapter.pipeline.send(this.#compile(transaction, values));
    else await this.run(transaction, ...values);
  }

  #compile(query: Kysely<Schema>, values: readonly unknown[]): CompiledQuery<Row> {
    const isPostgres = query.getExecutor().adapter instanceof PostgresAdapter;
    return CompiledQuery.raw(isPostgres ? this.#numbered : this.text, [...values]);
  }
}
