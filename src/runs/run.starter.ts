import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { RequestScope } from '../async/request.scope.js';
import { AgentError, ignoreCodes } from '../errors/agent.error.js';
import { SessionsService } from '../sessions/sessions.service.js';
import { RunInterrupted } from './events/event.writer.js';
import { assertSameRequest } from './idempotency.js';
import type { AgentExecution } from './loop/agent.loop.js';
import { guard } from './loop/guard.js';
import { ERASED_SESSION } from './recovery/cancel.reasons.js';
import { RejectedRuns } from './recovery/rejected.runs.js';
import { RunControl } from './recovery/run.control.js';
import type { Run } from './run.js';
import { type PlannedRow, type RetryCommand, type RunCommand, RunFactory } from './run.factory.js';
import { RunLimits } from './run.limits.js';
import type { RunRow } from './run.row.js';
import { RunsRepository } from './runs.repository.js';

/** Poll interval of a run that waits for its session. */
const POLL_INTERVAL_MS = 100;
/** How long a task waits for its session while it is submitted. */
const SUBMISSION_TIMEOUT_MS = 5000;

/** When a caller may try again who has too many queued tasks. */
const FULL_QUEUE_RETRY_SECONDS = 10;

/** A run of an earlier request with the same key. */
export interface ExistingRun {
  readonly existingRunId: string;
}

/** Starts runs: stores each row as soon as its session is free, builds the run, and checks its input. */
@Injectable()
export class RunStarter {
  constructor(
    private readonly factory: RunFactory,
    private readonly runs: RunsRepository,
    private readonly rejectedRuns: RejectedRuns,
    private readonly control: RunControl,
    private readonly limits: RunLimits,
    private readonly sessions: SessionsService,
  ) {
    sessions.onErase((key) => control.cancelSession(key, ERASED_SESSION));
  }

  /**
   * Starts a chat or a stream, and reserves capacity for it until it ends.
   *
   * @throws AgentError if the run is refused. Nothing of it is left then.
   */
  start(command: RunCommand): Promise<AgentExecution | ExistingRun> {
    return this.limits.reserve(() => this.#start(command));
  }

  /** Stores a task as queued. @throws AgentError if it is refused. */
  async submit(command: RunCommand): Promise<RunRow | ExistingRun> {
    return await this.#enqueue(await this.factory.plan(command));
  }

  /** Stores a task that continues from the journal of an earlier one. @throws AgentError if it is refused. */
  async retry(earlier: RunRow, command: RetryCommand): Promise<RunRow | ExistingRun> {
    return await this.#enqueue(await this.factory.planRetry(earlier, command));
  }

  async #enqueue(plan: PlannedRow): Promise<RunRow | ExistingRun> {
    // Under the policy `queue`, a task takes its session only when it runs.
    const row = this.limits.sessionPolicy === 'queue' ? { ...plan.row, holds_session: 0 } : plan.row;
    return (await this.#begin({ ...plan, row }, performance.now() + SUBMISSION_TIMEOUT_MS)) ?? row;
  }

  /**
   * Builds a new attempt of a task that this process has claimed. The attempt ends as failed if its input is refused.
   *
   * @param timeoutMs remaining time of the run.
   */
  async resume(row: RunRow, timeoutMs: number): Promise<AgentExecution> {
    return await this.control.preparations.prepare(row.run_id, timeoutMs, async (signal) => {
      const execution = await this.factory.resume(row, timeoutMs, signal);
      const { run, agent, transcript } = execution;
      this.#register(run, signal);
      try {
        if (!run.journal.hasBegun) await guard({ run, agent }, 'checkInput', transcript.question);
      } catch (failure) {
        run.abort(AgentError.from(failure));
      }
      return execution;
    });
  }

  async #start(command: RunCommand): Promise<AgentExecution | ExistingRun> {
    const { signal } = command;
    const deadlineAt = performance.now() + this.limits.timeoutMs;
    const plan = await beforeDeadline(deadlineAt, () => this.factory.plan(command)).catch(orAbortReason(signal));
    const existing = await this.#begin(plan, deadlineAt).catch(orAbortReason(signal));
    if (existing) return existing;
    let run: Run | undefined;
    try {
      const execution = await beforeDeadline(deadlineAt, (timeoutMs) => this.factory.create(plan, timeoutMs));
      ({ run } = execution);
      this.#register(run, signal);
      await guard({ run, agent: run.agent }, 'checkInput', command.request.message);
      return execution;
    } catch (failure) {
      await this.rejectedRuns.remove(plan.row, plan.key !== undefined, run);
      throw run?.signal.aborted === true ? AgentError.from(run.signal.reason) : failure;
    }
  }

  /**
   * Stores the row of the run as soon as the session policy allows it. Waiting runs have no order.
   *
   * @returns the earlier run with the same key, or undefined.
   * @throws AgentError `session_busy` or `draining`, or the signal's reason.
   */
  async #begin({ row, key, command }: PlannedRow, deadlineAt: number): Promise<ExistingRun | undefined> {
    // The submission of a task has the time limit of its request.
    const inTime = <T>(work: () => Promise<T>) =>
      command.kind === 'task' ? work() : beforeDeadline(deadlineAt, work, hasWaited ? 'session_busy' : 'agent_timeout');
    let hasWaited = false;
    // A task that takes its session later may be stored at any time.
    const isBlocked = () => row.holds_session === 1 && this.sessions.isErasing(row);
    for (;;) {
      command.signal?.throwIfAborted();
      if (this.limits.isDraining) throw new AgentError('draining');
      const result = isBlocked() ? 'busy' : await inTime(() => this.runs.begin(row, key, this.limits.maxQueuedTasks));
      if (result === 'begun') return undefined;
      if (result === 'gone') throw new AgentError('task_not_found');
      if (result === 'full') throw this.#tooManyQueued();
      if (result !== 'busy') return { existingRunId: assertSameRequest(result, key) };
      const holder = this.control.holderOf(row);
      const isEnding = holder !== undefined && holder.status !== 'running';
      if (!isEnding) await inTime(() => this.#applyPolicy(row));
      const pauseMs = Math.min(POLL_INTERVAL_MS, Math.ceil(deadlineAt - performance.now()));
      await Promise.race([sleep(pauseMs), ...(holder ? [holder.ended] : [])]);
      hasWaited = true;
      // Timers may fire a millisecond early.
      if (performance.now() > deadlineAt - 1) throw new AgentError('session_busy');
    }
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

  /** @param signal aborts the run. A run that outlives its caller has none. */
  #register(run: Run, signal: AbortSignal | undefined): void {
    if (signal) {
      const onAbort = (): void => run.abort(abortReason(signal));
      if (signal.aborted) onAbort();
      signal.addEventListener('abort', onAbort, { once: true });
      void run.ended.then(() => signal.removeEventListener('abort', onAbort));
    }
    this.control.register(run);
  }
}

/** Ends the work at the deadline, unless its commit has begun. @throws AgentError with the code. */
function beforeDeadline<T>(
  deadlineAt: number,
  work: (timeoutMs: number) => Promise<T>,
  code: 'agent_timeout' | 'session_busy' = 'agent_timeout',
): Promise<T> {
  const timeoutMs = Math.max(1, deadlineAt - performance.now());
  return RequestScope.run({ timeoutMs, reason: () => new AgentError(code) }, () => work(timeoutMs));
}

/** Rethrows the failure, or the abort reason if the signal caused it. */
function orAbortReason(signal: AbortSignal | undefined): (failure: unknown) => never {
  return (failure) => {
    throw signal?.aborted === true ? abortReason(signal) : failure;
  };
}

function abortReason({ reason }: AbortSignal): AgentError | RunInterrupted {
  if (reason instanceof AgentError || reason instanceof RunInterrupted) return reason;
  return new AgentError('client_closed_request', {}, { cause: reason });
}
