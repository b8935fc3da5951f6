import type { Transaction } from 'kysely';
import { Later } from '../../storage/later.js';
import type { RunTable, Schema } from '../../storage/schema.js';
import { InsertStatement } from '../../storage/statements/insert.statement.js';
import type { EventLog } from '../events/event.log.js';
import type { StoredEvent } from '../events/run.events.js';
import { claimKey, type IdempotencyKey, type KeyedRun, releaseKey } from '../idempotency.js';
import { findOpenRetry, inheritSteps, lockRetried } from '../journal/inherited.steps.js';
import type { ReplicaId } from '../recovery/replica.id.js';
import type { RunRow } from '../run.row.js';
import { isQueueFull } from './queue.limit.js';
import { addWaiter, hasEarlier, lockWaiter, removeWaiter } from './waiting.runs.js';

/** Inserts nothing if another run holds the session: the unique index prevents it. */
const INSERT_RUN = new InsertStatement<RunTable>((transaction, row) =>
  transaction
    .insertInto('runs')
    .values(row)
    .onConflict((conflict) => conflict.doNothing()),
);

/**
 * `begun`; `busy`: another run holds the session; `gone`: the run to retry was erased; `full`: the caller has too many
 * queued tasks; `erased`: the session was, while the run waited for it; `moved`: the run cannot follow the
 * turn that it must follow; else the earlier run with the same key.
 */
export type BeginResult = 'begun' | 'busy' | 'gone' | 'full' | 'erased' | 'moved' | KeyedRun | OpenRetry;

/** The unfinished run that already retries the same task. */
export interface OpenRetry {
  readonly openRetry: Pick<RunRow, 'run_id' | 'caller'>;
}

/** How a run begins. */
export interface BeginOptions {
  /** Queued tasks of the caller. Submissions at the same time may exceed it, as none waits for another. */
  readonly maxQueued?: number | undefined;
  /** `joins`: it begins after earlier runs of the session, and is stored as waiting if it is busy. `waiting`: it is stored. */
  readonly wait?: 'joins' | 'waiting' | undefined;
  /** The run whose turn must be the last one of the session. */
  readonly after?: string | undefined;
  /** Its first event. Saves a commit, but is not published yet. */
  readonly opening?: StoredEvent | undefined;
}

interface NewRun extends BeginOptions {
  readonly row: RunRow;
  readonly key: IdempotencyKey | undefined;
}

interface Parts {
  readonly log: EventLog;
  readonly replica: ReplicaId;
}

/** Stores a new run and claims its session and its key, all or nothing. */
export async function storeNew(
  run: NewRun,
  parts: Parts,
  transaction: Transaction<Schema>,
): Promise<BeginResult | Later<BeginResult>> {
  const { row, key, maxQueued = Infinity, wait, after, opening } = run;
  if (isPlain(run)) return await storePlain(run, parts, transaction);
  if (!(await lockRetried(row, transaction))) return 'gone';
  if (wait === 'waiting' && !(await lockWaiter(row, transaction))) return 'erased';
  if (key) {
    const previous = await claimKey(row, key, transaction);
    if (previous) return previous;
  }
  const openRetry = await findOpenRetry(row, transaction);
  if (openRetry) {
    if (key) await releaseKey(row.run_id, transaction);
    return { openRetry };
  }
  if (await isQueueFull(row, maxQueued, transaction)) {
    if (key) await releaseKey(row.run_id, transaction);
    return 'full';
  }
  const isNext = (wait === undefined && after === undefined) || !(await hasEarlier(row, parts.replica, transaction));
  if (isNext && (await INSERT_RUN.run(transaction, row))) {
    // Only now can no other turn follow.
    if (after !== undefined && !(await isLastTurn(row, after, transaction))) {
      await transaction.deleteFrom('runs').where('run_id', '=', row.run_id).execute();
      if (key) await releaseKey(row.run_id, transaction);
      return 'moved';
    }
    if (wait === 'waiting') await removeWaiter(row, transaction);
    if (opening) await parts.log.store(row.run_id, [opening], transaction);
    await inheritSteps(row, transaction);
    return 'begun';
  }
  if (key) await releaseKey(row.run_id, transaction);
  if (wait === 'joins') await addWaiter(row, parts.replica, transaction);
  return after === undefined ? 'busy' : 'moved';
}

/** Whether only its session decides whether it begins. */
function isPlain({ row, key, wait, after }: NewRun): boolean {
  const isFree = wait === undefined && after === undefined;
  return row.status === 'running' && row.retry_of === null && key === undefined && isFree;
}

/** Sends all statements without waiting for an answer. */
async function storePlain(
  { row, opening }: NewRun,
  { log }: Parts,
  transaction: Transaction<Schema>,
): Promise<Later<BeginResult>> {
  const isInserted = INSERT_RUN.run(transaction, row);
  const result = new Later<BeginResult>(isInserted.then((isFree) => (isFree ? 'begun' : 'busy')));
  // Stores nothing if the run was not inserted.
  if (opening) await log.appends.appendIfRunning(transaction, { id: row.run_id, attempt: row.attempt }, opening);
  return result;
}

async function isLastTurn(
  { tenant, session_id }: RunRow,
  runId: string,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const last = await transaction
    .selectFrom('messages')
    .select('run_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .orderBy('position', 'desc')
    .limit(1)
    .executeTakeFirst();
  return last?.run_id === runId;
}
