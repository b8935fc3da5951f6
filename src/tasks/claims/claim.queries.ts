import { type ExpressionBuilder, type Kysely, sql, type Transaction } from 'kysely';
import { SUSPECT_CRASHES, HOLD_BACK_MS } from '../../runs/recovery/process.death.js';
import type { RunRow } from '../../runs/run.row.js';
import type { ClaimRules } from './fair.query.js';
import type { RunTable, Schema } from '../../storage/schema.js';

// SQLite uses a partial index only if the statement contains the terms of the index as literals, not as parameters.
export const QUEUED = sql.lit('queued' as const);
const RUNNING = sql.lit('running' as const);
export const TASK = sql.lit('task' as const);
const HOLDING = sql.lit(1);

/** The tasks that a process may claim. */
export type TaskRights = Pick<ClaimRules, 'perCaller' | 'stopped' | 'versions'>;

/** Queued tasks whose session is free and whose caller is below its limit of running tasks. */
export function claimableTasks({ perCaller, stopped, versions }: TaskRights, db: Kysely<Schema>) {
  const { roles, tenants } = stopped ?? { roles: [], tenants: [] };
  const free = db
    .selectFrom('runs as task')
    .select('task.run_id')
    .where('task.status', '=', QUEUED)
    .where(isDue)
    .where(isSessionFree)
    .where((of) => of.or([of('task.agent_version', 'is', null), of('task.agent_version', 'in', [...versions, ''])]))
    .$if(roles.length > 0, (query) => query.where('task.agent_role', 'not in', roles))
    .$if(tenants.length > 0, (query) => query.where('task.tenant', 'not in', tenants));
  if (perCaller === undefined) return free;
  return free.where((of) => of(of.refTuple('task.tenant', 'task.caller'), 'not in', callersWith(perCaller, db)));
}

/** Whether the task does not wait for its provider. */
function isDue(of: ExpressionBuilder<Schema & { task: RunTable }, 'task'>) {
  return of.or([of('task.not_before', 'is', null), of('task.not_before', '<=', Date.now())]);
}

/** Whether the task holds its session, or no other run does. */
export function isSessionFree(of: ExpressionBuilder<Schema & { task: RunTable }, 'task'>) {
  const holder = of
    .selectFrom('runs as holder')
    .select('holder.run_id')
    .whereRef('holder.tenant', '=', 'task.tenant')
    .whereRef('holder.session_id', '=', 'task.session_id')
    .where('holder.holds_session', '=', HOLDING);
  return of.or([of('task.holds_session', '=', 1), of.not(of.exists(holder))]);
}

/** Whether the task holds its session, or is the oldest of the queued tasks and waiting runs of its session. */
export function isFirstOfSession(replicaId: string) {
  return (of: ExpressionBuilder<Schema & { task: RunTable }, 'task'>) => {
    const earlier = of
      .selectFrom('runs as earlier')
      .select('earlier.run_id')
      .whereRef('earlier.tenant', '=', 'task.tenant')
      .whereRef('earlier.session_id', '=', 'task.session_id')
      .where('earlier.status', '=', QUEUED)
      .where((row) =>
        row(row.refTuple('earlier.created_at', 'earlier.run_id'), '<', row.refTuple('task.created_at', 'task.run_id')),
      );
    const waiter = of
      .selectFrom('session_waiters as waiter')
      .select('waiter.run_id')
      .whereRef('waiter.tenant', '=', 'task.tenant')
      .whereRef('waiter.session_id', '=', 'task.session_id')
      .where((row) =>
        row(row.refTuple('waiter.created_at', 'waiter.run_id'), '<', row.refTuple('task.created_at', 'task.run_id')),
      )
      .where((row) =>
        row.or([
          row('waiter.owner', '=', replicaId),
          row('waiter.owner', 'in', row.selectFrom('replicas').select('replica_id')),
        ]),
      );
    return of.or([of('task.holds_session', '=', 1), of.not(of.or([of.exists(earlier), of.exists(waiter)]))]);
  };
}

/** Counts the running tasks of the caller in all processes. */
export async function countRunning({ tenant, caller }: RunRow, transaction: Transaction<Schema>): Promise<number> {
  const { count } = await transaction
    .selectFrom('runs')
    .select((of) => of.fn.countAll<number>().as('count'))
    .where('status', '=', RUNNING)
    .where('kind', '=', TASK)
    .where('tenant', '=', tenant)
    .where('caller', '=', caller)
    .executeTakeFirstOrThrow();
  return count;
}

/** Callers at their limit of running tasks. It counts once per caller, not once per queued task. */
function callersWith(perCaller: number, db: Kysely<Schema>) {
  return db
    .selectFrom('runs')
    .select(['tenant', 'caller'])
    .where('status', '=', RUNNING)
    .where('kind', '=', TASK)
    .groupBy(['tenant', 'caller'])
    .having((of) => of.fn.countAll<number>(), '>=', perCaller)
    .$asTuple('tenant', 'caller');
}

/** Tasks that are blamed for process deaths and held back. If a process dies without them, they were not the cause. */
export function heldBackTasks(db: Kysely<Schema>) {
  return db
    .selectFrom('runs as blamed')
    .select('blamed.run_id')
    .where('blamed.status', '=', QUEUED)
    .where('blamed.finished_at', 'is', null)
    .where('blamed.crashes', '>=', sql.lit(SUSPECT_CRASHES))
    .where('blamed.blamed_at', '>', Date.now() - HOLD_BACK_MS);
}
