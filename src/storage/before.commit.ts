import type { Transaction } from 'kysely';
import type { Work } from './engine.js';
import type { Schema } from './schema.js';

const pendingWork = new WeakMap<Transaction<Schema>, Work<void>[]>();

/**
 * Runs `work` last in the same transaction, after all writes of its group. It is for work that takes a lock which every
 * replica needs: the lock is then held only briefly, and never while waiting for another lock.
 */
export function beforeCommit(transaction: Transaction<Schema>, work: Work<void>): void {
  const works = pendingWork.get(transaction);
  if (works) works.push(work);
  else pendingWork.set(transaction, [work]);
}

/** Runs the deferred work in the order of its registration. */
export async function runBeforeCommit(transaction: Transaction<Schema>): Promise<void> {
  for (const work of pendingWork.get(transaction) ?? []) await work(transaction);
}
