import type { Transaction } from 'kysely';
import { REVOKED_KEY, UNFINISHED, unfinishedTasks } from '../auth/key.revocation.js';
import type { Schema } from '../storage/schema.js';

/** The callers of one tenant. */
interface Callers {
  readonly tenant: string;
  /** The ids of principals. */
  readonly callers: readonly string[];
}

/**
 * Marks the unfinished tasks of the callers as cancelled: from the commit on they can only end as cancelled. Passes over
 * tasks that another replica changes at this moment; they are found later.
 *
 * @returns the caller of each task.
 */
export async function cancelTasks(
  callers: Callers,
  isPostgres: boolean,
  transaction: Transaction<Schema>,
): Promise<string[]> {
  const cancelled: string[] = [];
  for (const status of UNFINISHED) {
    const tasks = unfinishedTasks({ ...callers, status }, transaction)
      .select('run_id')
      .where('cancel_reason', 'is', null)
      .$if(isPostgres, (query) => query.forUpdate().skipLocked());
    const rows = await transaction
      .updateTable('runs')
      .set({ cancel_reason: REVOKED_KEY })
      .where('run_id', 'in', tasks)
      .returning('caller')
      .execute();
    cancelled.push(...rows.map(({ caller }) => caller));
  }
  return cancelled;
}

/** The number of unfinished tasks that nobody has cancelled. */
export async function countTasks(callers: Callers, transaction: Transaction<Schema>): Promise<number> {
  let sum = 0;
  for (const status of UNFINISHED) {
    const { count } = await unfinishedTasks({ ...callers, status }, transaction)
      .where('cancel_reason', 'is', null)
      .select((of) => of.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    sum += count;
  }
  return sum;
}
