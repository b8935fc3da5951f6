import type { Transaction } from 'kysely';
import type { Owner } from '../../auth/principal.js';
import { AgentError } from '../../errors/agent.error.js';
import type { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import type { StoredEvent } from '../events/run.events.js';
import { cancellationOf, isOver, type RunRow } from '../run.row.js';
import type { RunsRepository } from '../runs.repository.js';
import { lockedRun } from './locked.run.js';

/** A run that is to be cancelled. */
interface Cancelling {
  readonly runId: string;
  readonly owner: Owner;
  readonly reason: string | undefined;
}

/** A run after its cancellation, with its last event if the cancellation ended it. */
interface Cancelled {
  readonly run: RunRow;
  readonly finalEvent?: StoredEvent | undefined;
}

type RunEnds = Pick<RunsRepository, 'endIdle'>;

/**
 * Ends a run that no process holds. Marks an active run, which can then only end as cancelled. The first reason counts.
 *
 * @returns the run, unchanged if it is over; undefined if the owner has no such run.
 */
export async function storeCancellation(
  database: Database,
  runs: RunEnds,
  cancelling: Cancelling,
): Promise<Cancelled | undefined> {
  return await database.write((transaction) => cancelled(cancelling, runs, transaction));
}

/** Locks first, because another replica may suspend the run at this moment. */
async function cancelled(
  { runId, owner, reason }: Cancelling,
  runs: RunEnds,
  transaction: Transaction<Schema>,
): Promise<Cancelled | undefined> {
  const run = await lockedRun(runId, owner, transaction);
  if (run === undefined || isOver(run)) return run && { run };
  const failure = new AgentError('run_cancelled', reason === undefined ? {} : { detail: reason });
  const cancellation = cancellationOf(run) ?? failure;
  const { message: cancel_reason } = cancellation;
  if (run.status !== 'running') {
    const finalEvent = await runs.endIdle(run, cancellation, transaction);
    return { run: { ...run, cancel_reason, status: 'cancelled' }, finalEvent };
  }
  await transaction.updateTable('runs').set({ cancel_reason }).where('run_id', '=', runId).execute();
  return { run: { ...run, cancel_reason } };
}
