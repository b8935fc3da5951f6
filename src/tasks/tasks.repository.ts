import { Injectable } from '@nestjs/common';
import { sql, type Transaction, type UpdateResult } from 'kysely';
import type { Owner } from '../auth/principal.js';
import { findPending } from '../runs/journal/pending.approval.js';
import { findRun } from '../runs/recovery/locked.run.js';
import { SUSPECT_CRASHES } from '../runs/recovery/process.death.js';
import { ReplicaId } from '../runs/recovery/replica.id.js';
import type { Run } from '../runs/run.js';
import type { RunRow } from '../runs/run.row.js';
import type { SessionKey } from '../sessions/session.key.js';
import { Database } from '../storage/database.js';
import type { ApprovalTable, Schema } from '../storage/schema.js';
import { Switches } from '../switches/switches.js';
import { ignoreUniqueViolation } from '../storage/unique.violation.js';
import {
  claimableTasks,
  isFirstOfSession,
  isSessionFree,
  isNotHeldBack,
  QUEUED,
  countRunning,
  heldBackTasks,
} from './claim.queries.js';
import { type ListedTask, listTasks, type TaskFilter } from './listed.tasks.js';

/** Called in the commit that suspends a task, if it has asked for an approval since it was last suspended. */
type SuspendListener = (
  run: RunRow,
  pending: readonly [ApprovalTable, ...ApprovalTable[]],
  transaction: Transaction<Schema>,
) => Promise<void>;

/** The rows of tasks: claims and releases them, and finds those that can be claimed. */
@Injectable()
export class TasksRepository {
  readonly #suspendListeners: SuspendListener[] = [];

  constructor(
    private readonly database: Database,
    private readonly replica: ReplicaId,
    private readonly switches: Switches,
  ) {}

  /**
   * Claims a queued task for this process, under a new attempt number. The commit is on disk, because the number fences
   * earlier attempts. Returns undefined if another process has the task, its session is held, or its caller is at its
   * limit. The same applies if the operator has stopped its role or tenant. A suspect is claimed only to run alone. A
   * task that a process died with is claimed only while no other task is blamed for deaths.
   */
  async claim(runId: string, perCaller: number | undefined, isAlone = false): Promise<RunRow | 'suspect' | undefined> {
    // A group with the locks of several callers could deadlock with a group of another replica.
    const order = { isAlone: perCaller !== undefined && this.database.dialect === 'postgres' };
    return await this.database.write(async (transaction) => {
      const row = await transaction.selectFrom('runs').selectAll().where('run_id', '=', runId).executeTakeFirst();
      if (row?.status !== 'queued' || (row.not_before ?? 0) > Date.now()) return undefined;
      if (this.switches.refusalOfRun(row) !== undefined) return undefined;
      if (!isAlone) {
        if (row.crashes >= SUSPECT_CRASHES) return 'suspect';
        if (row.crashes > 0 && (await heldBackTasks(transaction).executeTakeFirst())) return undefined;
      }
      if (perCaller !== undefined) {
        await this.#lockCaller(row, transaction);
        if ((await countRunning(row, transaction)) >= perCaller) return undefined;
      }
      const now = Date.now();
      const claim = {
        status: 'running' as const,
        attempt: row.attempt + 1,
        owner: this.replica.id,
        holds_session: 1,
        not_before: null,
        started_at: row.started_at ?? now,
        claimed_at: now,
      };
      const claiming = (): Promise<UpdateResult> =>
        transaction
          .updateTable('runs as task')
          .set(claim)
          .where('task.run_id', '=', runId)
          .where('task.status', '=', QUEUED)
          .where('task.attempt', '=', row.attempt)
          .where(isSessionFree)
          .where(isFirstOfSession)
          .executeTakeFirst();
      // A run that starts on another replica may take the session first.
      const updated = row.holds_session === 1 ? await claiming() : await ignoreUniqueViolation(transaction, claiming);
      return updated && updated.numUpdatedRows > 0n ? { ...row, ...claim } : undefined;
    }, order);
  }

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

  /** Requeues a task whose attempt was aborted. Returns false if this attempt no longer owns the task. */
  async requeue(id: string, attempt: number, spentMs: number): Promise<boolean> {
    return await this.database.write((transaction) =>
      leaveAttempt({ id, attempt }, { status: 'queued' }, spentMs, transaction),
    );
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

  /** The oldest tasks that can be claimed now: their session is free and their caller is below its limit. */
  async claimable(limit: number, perCaller: number | undefined): Promise<string[]> {
    const rows = await claimableTasks(perCaller, this.database.query, this.switches.names)
      .where('task.crashes', '<', sql.lit(SUSPECT_CRASHES))
      .orderBy('task.created_at')
      .orderBy('task.run_id')
      .limit(limit)
      .execute();
    return rows.map(({ run_id }) => run_id);
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

  /**
   * The oldest task that waits only for its caller to have fewer running tasks.
   *
   * @param delayed tasks that this process may not claim yet.
   */
  async nextOfCaller(
    { tenant, caller }: Pick<RunRow, 'tenant' | 'caller'>,
    delayed: ReadonlySet<string> = new Set(),
  ): Promise<string | undefined> {
    const rows = await claimableTasks(undefined, this.database.query, this.switches.names)
      .where('task.tenant', '=', tenant)
      .where('task.caller', '=', caller)
      // Unary plus signs and a column outside the index of the whole queue make SQLite use the index by caller.
      .where(sql<number>`+task.crashes`, '<', SUSPECT_CRASHES)
      .where(sql<number | null>`+task.finished_at`, 'is', null)
      .where(isFirstOfSession)
      .where((of) => isNotHeldBack(of, this.database.query))
      .orderBy('task.created_at')
      .orderBy('task.run_id')
      // A list of the delayed ids would make another statement for each number of them.
      .limit(delayed.size + 1)
      .execute();
    return rows.find(({ run_id }) => !delayed.has(run_id))?.run_id;
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

  /** Without a lock, two replicas that count at once would both claim the last slot. */
  async #lockCaller({ tenant, caller }: RunRow, transaction: Transaction<Schema>): Promise<void> {
    if (this.database.dialect !== 'postgres') return;
    await sql`select pg_advisory_xact_lock(hashtext(${`${tenant}/${caller}`}))`.execute(transaction);
  }
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
    .set((column) => ({ ...change, owner: null, spent_ms: column('spent_ms', '+', Math.round(spentMs)) }))
    .where('run_id', '=', id)
    .where('attempt', '=', attempt)
    .where('status', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
