import type { Kysely } from 'kysely';
import type { Owner } from '../auth/principal.js';
import type { RunRow } from '../runs/run.row.js';
import type { RunTable, Schema } from '../storage/schema.js';
import { TASK } from './claims/claim.queries.js';

/** Selects a page of tasks. */
export interface TaskFilter extends Owner {
  readonly status?: RunTable['status'] | undefined;
  readonly limit: number;
  readonly after?: { readonly at: number; readonly id: string } | undefined;
}

/** The columns that a list of tasks shows. None but `outcome` is long. */
const LISTED = [
  'run_id',
  'status',
  'agent_role',
  'session_id',
  'created_at',
  'started_at',
  'finished_at',
  'attempt',
  'request_id',
  'input_tokens',
  'output_tokens',
  'error',
  'retry_of',
] as const satisfies readonly (keyof RunRow)[];

/** A task in a list. The `outcome` of a completed one may have the form of version 1. */
export type ListedTask = Pick<RunRow, (typeof LISTED)[number] | 'outcome'>;

/** Reads a page of tasks, newest first. */
export async function listTasks(
  { tenant, endUser, status, limit, after }: TaskFilter,
  db: Kysely<Schema>,
): Promise<ListedTask[]> {
  let query = db
    .selectFrom('runs')
    .select(LISTED)
    .select((of) => of.fn.coalesce('response', 'outcome').as('outcome'))
    .where('tenant', '=', tenant)
    .where('kind', '=', TASK);
  if (status !== undefined && endUser === undefined) {
    // With `=` PostgreSQL would search the newest tasks for the status, and all of these may be queued. A range in the
    // order of the index by status makes it walk that index.
    return await query
      .where('status', '>=', status)
      .where((row) =>
        after
          ? row(row.refTuple('status', 'created_at', 'run_id'), '<', row.tuple(status, after.at, after.id))
          : row('status', '<=', status),
      )
      .orderBy('status', 'desc')
      .orderBy('created_at', 'desc')
      .orderBy('run_id', 'desc')
      .limit(limit)
      .execute();
  }
  if (endUser !== undefined) query = query.where('end_user', '=', endUser);
  if (status !== undefined) query = query.where('status', '=', status);
  if (after) {
    query = query.where((row) => row(row.refTuple('created_at', 'run_id'), '<', row.tuple(after.at, after.id)));
  }
  return await query.orderBy('created_at', 'desc').orderBy('run_id', 'desc').limit(limit).execute();
}
