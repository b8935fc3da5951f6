import type { Database } from '../../../src/index.js';

const { jest } = import.meta;

/** How many transactions a database has begun, and how many of them it has rolled back. */
export interface TransactionCount {
  begun: number;
  undone: number;
}

/** Counts the transactions of a database from now on. */
export function countTransactions(database: Database): TransactionCount {
  const count = { begun: 0, undone: 0 };
  const engine = database['engine'];
  const transact = engine.transact.bind(engine);
  jest.spyOn(engine, 'transact').mockImplementation(async (...args) => {
    count.begun++;
    try {
      await transact(...args);
    } catch (failure) {
      count.undone++;
      throw failure;
    }
  });
  return count;
}
