import type { Transaction } from 'kysely';
import type { Work } from './engine.js';
import type { Schema } from './schema.js';

const waiting = new WeakMap<Transaction<Schema>, Work<void>[]>();

/**
 * Has `work` done in the same transaction, but last, once all that is grouped in it has its rows. What takes a lock that
 * every replica wants belongs here: it holds the lock for a moment only, and never while it waits for another.
 */
export function beforeCommit(transaction: Transaction<Schema>, work: Work<void>): void {
  const works = waiting.get(transaction);
  if (works) works.push(work);
  else waiting.set(transaction, [work]);
}

/** Does what was left for the end, in the order in which it was asked for. */
export async function finish(transaction: Transaction<Schema>): Promise<void> {
  for (const work of waiting.get(transaction) ?? []) await work(transaction);
}
