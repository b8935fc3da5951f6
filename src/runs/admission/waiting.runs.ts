import { type Kysely, sql, type Transaction } from 'kysely';
import type { Schema } from '../../storage/schema.js';
import type { ReplicaId } from '../recovery/replica.id.js';
import type { RunRow } from '../run.row.js';

/** The place of a run among those of its session. */
export type WaitingRun = Pick<RunRow, 'run_id' | 'tenant' | 'session_id' | 'created_at'>;

/** Rows of older replicas have null, as their end user is unknown. */
const NO_END_USER = '';

/** Stores that the run waits for its session. */
export async function addWaiter(
  run: WaitingRun & Pick<RunRow, 'end_user'>,
  replica: ReplicaId,
  transaction: Transaction<Schema>,
): Promise<void> {
  const { run_id, tenant, session_id, created_at, end_user } = run;
  await transaction
    .insertInto('session_waiters')
    .values({ run_id, tenant, session_id, created_at, owner: replica.id, end_user: end_user ?? NO_END_USER })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** Keeps an erasure from removing the run until the commit. Returns false if the run no longer waits. */
export async function lockWaiter({ run_id }: WaitingRun, transaction: Transaction<Schema>): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('session_waiters')
    .set((column) => ({ owner: column.ref('owner') }))
    .where('run_id', '=', run_id)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Removes the run from those that wait for their session. */
export async function removeWaiter({ run_id }: WaitingRun, transaction: Transaction<Schema>): Promise<void> {
  await transaction.deleteFrom('session_waiters').where('run_id', '=', run_id).execute();
}

/** Whether a queued task, or a waiting run of a living process, is older than the run. */
export async function hasEarlier(run: WaitingRun, replica: ReplicaId, db: Kysely<Schema>): Promise<boolean> {
  const { run_id, tenant, session_id, created_at } = run;
  const task = await db
    .selectFrom('runs')
    .select('run_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('status', '=', sql.lit('queued'))
    .where((row) => row(row.refTuple('created_at', 'run_id'), '<', row.tuple(created_at, run_id)))
    .limit(1)
    .executeTakeFirst();
  if (task) return true;
  const waiter = await db
    .selectFrom('session_waiters')
    .select('run_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where((row) => row(row.refTuple('created_at', 'run_id'), '<', row.tuple(created_at, run_id)))
    .where((of) =>
      // A process with an SQLite file has no heartbeat.
      of.or([of('owner', '=', replica.id), of('owner', 'in', of.selectFrom('replicas').select('replica_id'))]),
    )
    .limit(1)
    .executeTakeFirst();
  return waiter !== undefined;
}
