import type { Transaction } from 'kysely';
import type { Owner } from '../auth/principal.js';
import type { Schema } from '../storage/schema.js';
import { isOwn, type RunRow } from './run.row.js';

/**
 * The run as it stands. Until the commit nobody else changes it: another replica's transition comes before or after.
 * A run that is over is only read, because it does not change any more.
 *
 * @returns undefined if the owner has no such run.
 */
export async function lockedRun(
  runId: string,
  owner: Owner,
  transaction: Transaction<Schema>,
): Promise<RunRow | undefined> {
  const locked = await transaction
    .updateTable('runs')
    // An update locks on SQLite and on PostgreSQL alike.
    .set((column) => ({ status: column.ref('status') }))
    .where('run_id', '=', runId)
    .where('tenant', '=', owner.tenant)
    .where('finished_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  const run = locked ?? (await findRun(runId, owner, transaction));
  return run && isOwn(run, owner) ? run : undefined;
}

/** The run of the owner, without a lock. */
export async function findRun(
  runId: string,
  owner: Owner,
  query: Pick<Transaction<Schema>, 'selectFrom'>,
): Promise<RunRow | undefined> {
  const run = await query
    .selectFrom('runs')
    .selectAll()
    .where('run_id', '=', runId)
    .where('tenant', '=', owner.tenant)
    .executeTakeFirst();
  return run && isOwn(run, owner) ? run : undefined;
}
