import { sql, type Transaction } from 'kysely';
import type { Schema } from '../storage/schema.js';

/** The reason of the cancellation of runs whose key was revoked. */
export const REVOKED_KEY = 'Cancelled because its API key was revoked.';

/** The status of unfinished tasks. */
export const UNFINISHED = ['queued', 'running', 'waiting_approval'] as const;

const PREFIX = 'key:';

/** Tasks of callers of one tenant that have the same status. */
interface TasksOfCallers {
  readonly tenant: string;
  /** The ids of principals. */
  readonly callers: readonly string[];
  readonly status: (typeof UNFINISHED)[number];
}

/** The id of the principal of a key. */
export function callerOfKey(keyId: string): string {
  return PREFIX + keyId;
}

/** Whether the caller is a key that was revoked, and whose tasks were not kept. */
export async function isRevokedCaller(
  { tenant, caller }: { readonly tenant: string; readonly caller: string },
  query: Pick<Transaction<Schema>, 'selectFrom'>,
): Promise<boolean> {
  if (!caller.startsWith(PREFIX)) return false;
  const row = await query
    .selectFrom('api_keys')
    .select('key_id')
    .where('key_id', '=', caller.slice(PREFIX.length))
    .where('tenant', '=', tenant)
    .where('revoked_at', 'is not', null)
    .where('tasks_kept', 'is', null)
    .executeTakeFirst();
  return row !== undefined;
}

/** Selects tasks by an index: SQLite uses partial indexes only for literals. */
export function unfinishedTasks(
  { tenant, callers, status }: TasksOfCallers,
  query: Pick<Transaction<Schema>, 'selectFrom'>,
) {
  return query
    .selectFrom('runs')
    .where('tenant', '=', tenant)
    .where('status', '=', sql.lit(status))
    .where('kind', '=', sql.lit('task' as const))
    .where('caller', 'in', callers);
}
