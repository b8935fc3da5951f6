import { type KyselyPlugin, PostgresAdapter, sql, type Transaction } from 'kysely';
import type { Database } from '../../../src/index.js';
import type { Schema } from '../../../src/storage/schema.js';
import { until } from '../until.js';

const { jest } = import.meta;

/** Runs another action during the next write of a database, right after one of its statements. */
export class Interleaving {
  #statements = 0;
  #other: Promise<unknown> = Promise.resolve();

  /** @param after the number of the statement: 1, 2, 3 … */
  constructor(
    private readonly database: Database,
    private readonly after: number,
    private readonly happen: () => Promise<unknown>,
  ) {}

  /** Runs `work` and interleaves its next write. Resolves when both have ended. */
  async within<T>(work: () => Promise<T>): Promise<T> {
    const write = this.database.write.bind(this.database);
    const spy = jest.spyOn(this.database, 'write').mockImplementationOnce((task, options) => {
      const plugin = this.#plugin();
      return write((transaction) => task(withoutPipeline(transaction.withPlugin(plugin))), options);
    });
    try {
      return await work();
    } finally {
      spy.mockRestore();
      await (this.#statements < this.after ? this.happen() : this.#other);
    }
  }

  #plugin(): KyselyPlugin {
    return {
      transformQuery: ({ node }) => node,
      transformResult: async ({ result }) => {
        if (++this.#statements === this.after) await this.#start();
        return result;
      },
    };
  }

  /** Resolves when the action has ended, or waits for a lock of the write. */
  async #start(): Promise<void> {
    let isOver = false;
    this.#other = this.happen();
    this.#other.then(
      () => (isOver = true),
      () => (isOver = true),
    );
    await until('it has happened or waits for a lock', async () => isOver || (await isBlocked(this.database)));
  }
}

/** Each statement waits for its answer, so that something can happen after it. */
function withoutPipeline(transaction: Transaction<Schema>): Transaction<Schema> {
  Object.defineProperty(transaction.getExecutor(), 'adapter', { value: new PostgresAdapter() });
  return transaction;
}

/** Whether a connection to the database waits for a lock of another one. PostgreSQL only. */
export async function isBlocked({ query }: Database): Promise<boolean> {
  const { rows } = await sql`
    select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`.execute(query);
  return rows.length > 0;
}
