import type { Kysely, Transaction } from 'kysely';
import type { Owner } from '../../auth/principal.js';
import type { Schema } from '../../storage/schema.js';
import { Statement } from '../../storage/statements/statement.js';
import { belongsTo, type RunRow } from '../run.row.js';

const FIND = new Statement<RunRow>('select * from runs where run_id = ? and tenant = ?');

/**
 * Reads the run and locks it until the commit, so that no other replica changes it meanwhile. A run that is over is
 * only read, because it no longer changes.
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
    // An update locks the row on both SQLite and PostgreSQL.
    .set((column) => ({ status: column.ref('status') }))
    .where('run_id', '=', runId)
    .where('tenant', '=', owner.tenant)
    .where('finished_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  const run = locked ?? (await findRun(runId, owner, transaction));
  return run && belongsTo(run, owner) ? run : undefined;
}

/** Reads the run of the owner without a lock. */
export async function findRun(runId: string, owner: Owner, query: Kysely<Schema>): Promise<RunRow | undefined> {
  const [run] = await FIND.query(query, runId, owner.tenant);
  return run && belongsTo(run, owner) ? run : undefined;
}

/** Selects the runs that a process has begun and not ended. */
export function runningRuns(query: Pick<Transaction<Schema>, 'selectFrom'>) {
  return query.selectFrom('runs').where('status', '=', 'running').where('finished_at', 'is', null);
}
