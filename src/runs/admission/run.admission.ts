import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { AgentError, ignoreCodes } from '../../errors/agent.error.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { assertSameRequest, type IdempotencyKey } from '../idempotency.js';
import { ERASED_SESSION } from '../recovery/cancel.reasons.js';
import { ReplicaLevels } from '../recovery/replica.levels.js';
import { RunControl } from '../recovery/run.control.js';
import type { PlannedRow } from '../run.factory.js';
import { RunLimits } from '../run.limits.js';
import type { RunRow } from '../run.row.js';
import { RunsRepository } from '../runs.repository.js';
import { beforeDeadline } from './deadline.js';
import type { OpenRetry } from './new.run.js';
import { SessionWaiters } from './session.waiters.js';

/** Poll interval of a run that waits for its session, except under the policy `queue`. */
const POLL_INTERVAL_MS = 100;
/** When a caller may try again who has too many queued tasks. */
const FULL_QUEUE_RETRY_SECONDS = 10;

/** A run of an earlier request with the same key. */
export interface ExistingRun {
  readonly existingRunId: string;
}

/** A run cannot continue its session: another turn follows there, or may. */
export class SessionMoved extends Error {}

/** Stores the rows of new runs as soon as the session policy allows it. */
@Injectable()
export class RunAdmission {
  constructor(
    private readonly runs: RunsRepository,
    private readonly control: RunControl,
    private readonly limits: RunLimits,
    private readonly sessions: SessionsService,
    private readonly waiters: SessionWaiters,
    private readonly levels: ReplicaLevels,
  ) {
    sessions.onErase(async (key) => {
      // They would begin once the others are cancelled.
      const hasDismissed = await waiters.dismiss(key);
      return (await control.cancelSession(key, ERASED_SESSION)) || hasDismissed;
    });
  }

  /**
   * Stores the row of the run as soon as the session policy allows it. Under the policy `queue`, runs begin in the order
   * of their arrival.
   *
   * @param deadlineAt as `performance.now()` tells the time.
   * @returns the earlier run with the same key, or undefined.
   * @throws AgentError `session_busy`, `rate_limited`, `task_not_found`, `run_cancelled` or `draining`, or the signal's
   * reason; SessionMoved if the run cannot follow the turn that it must follow.
   */
  async begin(plan: PlannedRow, deadlineAt: number): Promise<ExistingRun | undefined> {
    const { row, command, after } = plan;
    const isOrdered = this.limits.sessionPolicy === 'queue' && after === undefined;
    if (command.kind === 'task') {
      const not_before = await this.levels.notBefore(plan.level, row);
      // A task takes its session only when it runs.
      const holds_session = isOrdered ? 0 : row.holds_session;
      return await this.#begin({ ...plan, row: { ...row, holds_session, not_before } }, deadlineAt);
    }
    if (!isOrdered) return await this.#begin(plan, deadlineAt);
    let hasBegun = false;
    const state = { isWaiting: false };
    try {
      const existing = await this.#begin(plan, deadlineAt, state);
      hasBegun = existing === undefined;
      return existing;
    } finally {
      if (state.isWaiting && !hasBegun) await this.waiters.leave(row);
    }
  }

  /** @param queue the place of the run among those that wait for the session; undefined: they have no order. */
  async #begin(
    { row, key, command, after, opening }: PlannedRow,
    deadlineAt: number,
    queue?: { isWaiting: boolean },
  ): Promise<ExistingRun | undefined> {
    // The submission of a task has the time limit of its request.
    const inTime = <T>(work: () => Promise<T>) =>
      command.kind === 'task' ? work() : beforeDeadline(deadlineAt, work, hasWaited ? 'session_busy' : 'agent_timeout');
    let hasWaited = false;
    // A task that takes its session later may be stored at any time.
    const isBlocked = () => row.holds_session === 1 && this.sessions.isErasing(row);
    for (;;) {
      command.signal?.throwIfAborted();
      if (this.limits.isDraining) throw new AgentError('draining');
      const isErasing = isBlocked();
      // A commit with an unknown outcome may have stored the run as a waiting one.
      const isQueued = queue !== undefined && !isErasing;
      const isWaiting = queue?.isWaiting === true;
      if (isQueued) queue.isWaiting = true;
      const wait = queue && (isWaiting ? ('waiting' as const) : ('joins' as const));
      const options = { maxQueued: this.limits.maxQueuedTasks, wait, after, opening };
      const result = isErasing ? 'busy' : await inTime(() => this.runs.begin(row, key, options));
      if (result === 'begun') return undefined;
      if (result === 'moved') throw new SessionMoved();
      // Only a run that is busy was stored as a waiting one.
      if (queue && !isWaiting && result !== 'busy') queue.isWaiting = false;
      if (result === 'erased') throw new AgentError('run_cancelled', { detail: ERASED_SESSION });
      if (result === 'gone') throw new AgentError('task_not_found');
      if (result === 'full') throw this.#tooManyQueued();
      if (result !== 'busy') {
        return { existingRunId: 'openRetry' in result ? repeatOf(result, row, key) : assertSameRequest(result, key) };
      }
      const leftMs = deadlineAt - performance.now();
      if (isQueued) await this.waiters.untilNext(row, leftMs, this.#endOf(command.signal));
      else await this.#pause(row, leftMs, inTime);
      hasWaited = true;
      // Timers may fire a millisecond early.
      if (performance.now() > deadlineAt - 1) throw new AgentError('session_busy');
    }
  }

  /** Aborts when the run should no longer wait. */
  #endOf(signal: AbortSignal | undefined): AbortSignal {
    const { draining } = this.limits;
    return signal ? AbortSignal.any([signal, draining]) : draining;
  }

  /** Applies the policy, and waits a moment or for the end of the holder. */
  async #pause(row: RunRow, leftMs: number, inTime: (work: () => Promise<void>) => Promise<void>): Promise<void> {
    const holder = this.control.holderOf(row);
    const isEnding = holder !== undefined && holder.status !== 'running';
    if (!isEnding) await inTime(() => this.#applyPolicy(row));
    const pauseMs = Math.min(POLL_INTERVAL_MS, Math.ceil(leftMs));
    await Promise.race([sleep(pauseMs), ...(holder ? [holder.ended] : [])]);
  }

  #tooManyQueued(): AgentError {
    const detail = `At most ${this.limits.maxQueuedTasks} tasks of a caller may be queued. Try again later.`;
    return new AgentError('rate_limited', { detail, retryAfterSeconds: FULL_QUEUE_RETRY_SECONDS });
  }

  /** Decides about a run whose session is busy: refuses it, lets it wait, or cancels the other run. */
  async #applyPolicy(row: RunRow): Promise<void> {
    switch (this.limits.sessionPolicy) {
      case 'reject':
        throw new AgentError('session_busy');
      case 'interrupt':
        return await this.#supersede(row);
      case 'queue':
        return;
    }
  }

  /** Cancels the run that holds the session. @throws AgentError `session_busy` if it is another end user's. */
  async #supersede(row: RunRow): Promise<void> {
    const holder = await this.runs.findHolder(row);
    if (!holder) return;
    if (row.end_user !== null && holder.end_user !== row.end_user) throw new AgentError('session_busy');
    await this.control
      .cancel(holder.run_id, { tenant: row.tenant }, 'superseded')
      .catch(ignoreCodes('run_not_found', 'task_already_finished'));
  }
}

/** The open retry, for its caller. @throws AgentError `task_not_retryable` for others, and for a request with its own key. */
function repeatOf({ openRetry }: OpenRetry, { caller }: RunRow, key: IdempotencyKey | undefined): string {
  if (key === undefined && openRetry.caller === caller) return openRetry.run_id;
  const detail = `Task "${openRetry.run_id}" already retries it, and is not over.`;
  throw new AgentError('task_not_retryable', { detail });
}
