import type { Database } from '../../../src/index.js';

const { jest } = import.meta;

/** How many transactions a database has begun, and how many of them it has rolled back. */
export interface TransactionCount {
  begun: number;
  undone: number;
}

/** Counts the transactions of a database from now on. */
export function countTransactions({ query }: Database): TransactionCount {
  const count = { begun: 0, undone: 0 };
  const begin = query.transaction.bind(query);
  jest.spyOn(query, 'transaction').mockImplementation(() => {
    count.begun++;
    const builder = begin();
    const execute = builder.execute.bind(builder);
    builder.execute = async (work) => {
      try {
        return await execute(work);
      } catch (failure) {
        count.undone++;
        throw failure;
      }
    };
    return builder;
  });
  return count;
}
