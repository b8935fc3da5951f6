import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import type { Owner } from '../auth/principal.js';
import { findPending } from '../runs/journal/pending.approval.js';
import { findRun } from '../runs/recovery/locked.run.js';
import type { Run } from '../runs/run.js';
import type { RunRow } from '../runs/run.row.js';
import type { SessionKey } from '../sessions/session.key.js';
import { Database } from '../storage/database.js';
import type { ApprovalTable, Schema } from '../storage/schema.js';
import { QUEUED } from './claims/claim.queries.js';
import { type ListedTask, listTasks, type TaskFilter } from './listed.tasks.js';

/** Called in the commit that suspends a task, if it has asked for an approval since it was last suspended. */
type SuspendListener = (
  run: RunRow,
  pending: readonly [ApprovalTable, ...ApprovalTable[]],
  transaction: Transaction<Schema>,
) => Promise<void>;

/** The rows of tasks: finds them, and stores how their attempts end. */
@Injectable()
export class TasksRepository {
  readonly #suspendListeners: SuspendListener[] = [];

  constructor(private readonly database: Database) {}

  /**
   * Suspends a task that waits for approvals. Requeues it if an approval was decided or it was cancelled meanwhile.
   *
   * @returns whether the task is queued again.
   */
  async suspend(run: Pick<Run, 'id' | 'attempt' | 'elapsedMs'>): Promise<boolean> {
    return await this.database.write(async (transaction) => {
      if (!(await leaveAttempt(run, { status: 'waiting_approval' }, run.elapsedMs(), transaction))) return false;
      const decided = await transaction
        .selectFrom('approvals')
        .select('step')
        .where('run_id', '=', run.id)
        .where('decision', 'is not', null)
        .where('step', 'not in', (of) =>
          of.selectFrom('steps').select('step').where('run_id', '=', run.id).where('state', '=', 'finished'),
        )
        .executeTakeFirst();
      const row = await transaction
        .selectFrom('runs')
        .selectAll()
        .where('run_id', '=', run.id)
        .executeTakeFirstOrThrow();
      const goesOn = decided !== undefined || row.cancel_reason !== null;
      if (goesOn)
        await transaction.updateTable('runs').set({ status: 'queued' }).where('run_id', '=', run.id).execute();
      else await this.#announce(row, transaction);
      return goesOn;
    });
  }

  /** Calls back in the commit that suspends a task, once for each set of approvals. */
  onSuspend(listener: SuspendListener): void {
    this.#suspendListeners.push(listener);
  }

  async #announce(row: RunRow, transaction: Transaction<Schema>): Promise<void> {
    const pending = await findPending([row.run_id], transaction);
    const [first, ...others] = pending.filter(({ announced_at }) => announced_at === null);
    if (first === undefined) return;
    // The new ones first.
    const known = pending.filter(({ announced_at }) => announced_at !== null);
    for (const listener of this.#suspendListeners) await listener(row, [first, ...others, ...known], transaction);
    await transaction
      .updateTable('approvals')
      .set({ announced_at: Date.now() })
      .where('run_id', '=', row.run_id)
      .where('announced_at', 'is', null)
      .execute();
  }

  /**
   * Requeues a task whose attempt was aborted. Returns false if this attempt no longer owns the task.
   *
   * @param waitMs no process claims it before this time has passed.
   */
  async requeue(id: string, attempt: number, spentMs: number, waitMs = 0): Promise<boolean> {
    const change = { status: 'queued' as const, not_before: waitMs > 0 ? Date.now() + waitMs : null };
    return await this.database.write((transaction) => leaveAttempt({ id, attempt }, change, spentMs, transaction));
  }

  /**
   * Requeues a task whose provider failed. It is claimed after the wait, which counts as time of the task. The commit
   * has the event.
   *
   * @throws AttemptLost if this attempt no longer owns the task.
   */
  async retryLater(run: Run, waitMs: number): Promise<void> {
    const notBefore = Date.now() + waitMs;
    const change = { status: 'queued' as const, not_before: notBefore, failures: run.journal.failures + 1 };
    await run.events?.commit((transaction) => leaveAttempt(run, change, run.elapsedMs() + waitMs, transaction), {
      type: 'run.waiting',
      reason: 'retry',
      until: new Date(notBefore).toISOString(),
    });
  }

  /** The number of queued tasks, and when the oldest of them was created. */
  async backlog(): Promise<{ readonly queued: number; readonly oldestAt: number | undefined }> {
    const { queued, oldest } = await this.database.query
      .selectFrom('runs')
      .select((of) => [of.fn.countAll<number>().as('queued'), of.fn.min<number | null>('created_at').as('oldest')])
      .where('status', '=', QUEUED)
      .executeTakeFirstOrThrow();
    return { queued, oldestAt: oldest ?? undefined };
  }

  /** The oldest queued task of the session. It may be a suspect: later tasks wait for a suspect too. */
  async nextOfSession({ tenant, session_id }: SessionKey): Promise<string | undefined> {
    const row = await this.database.query
      .selectFrom('runs')
      .select('run_id')
      .where('tenant', '=', tenant)
      .where('status', '=', QUEUED)
      .where('session_id', '=', session_id)
      .orderBy('created_at')
      .orderBy('run_id')
      .limit(1)
      .executeTakeFirst();
    return row?.run_id;
  }

  async find(runId: string, owner: Owner): Promise<RunRow | undefined> {
    const row = await findRun(runId, owner, this.database.query);
    return row?.kind === 'task' ? row : undefined;
  }

  /** Newest first. */
  async list(filter: TaskFilter): Promise<ListedTask[]> {
    return await listTasks(filter, this.database.query);
  }

  /** The approvals that these tasks wait for. */
  async pending(rows: readonly Pick<RunRow, 'run_id' | 'finished_at'>[]): Promise<ApprovalTable[]> {
    const ids = rows.filter(({ finished_at }) => finished_at === null).map(({ run_id }) => run_id);
    return await findPending(ids, this.database.query);
  }
}

/** A task that was cancelled during its attempt does not wait: its next attempt ends it. */
function unlessCancelled(notBefore: number | null = null) {
  return sql<number | null>`case when cancel_reason is null then cast(${notBefore} as bigint) end`;
}

/** Ends an attempt whose task continues later. Returns false if the attempt no longer owns the task. */
async function leaveAttempt(
  { id, attempt }: Pick<Run, 'id' | 'attempt'>,
  change: Pick<RunRow, 'status'> & Partial<Pick<RunRow, 'not_before' | 'failures'>>,
  spentMs: number,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('runs')
    .set((column) => ({
      ...change,
      not_before: unlessCancelled(change.not_before),
      owner: null,
      spent_ms: column('spent_ms', '+', Math.round(spentMs)),
    }))
    .where('run_id', '=', id)
    .where('attempt', '=', attempt)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
