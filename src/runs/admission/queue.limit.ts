import { sql, type Transaction } from 'kysely';
import type { Schema } from '../../storage/schema.js';
import type { RunRow } from '../run.row.js';

/** Whether the caller has as many queued tasks as it may. Reads no more entries of the index than that. */
export async function isQueueFull(
  { status, tenant, caller }: RunRow,
  maxQueued: number,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  if (status !== 'queued' || !Number.isFinite(maxQueued)) return false;
  const last = await transaction
    .selectFrom('runs')
    .select('run_id')
    .where('status', '=', sql.lit('queued'))
    .where('tenant', '=', tenant)
    .where('caller', '=', caller)
    .limit(1)
    .offset(maxQueued - 1)
    .executeTakeFirst();
  return last !== undefined;
}
