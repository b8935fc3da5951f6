import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
import { AttemptLost, RunInterrupted } from '../runs/events/event.writer.js';
import { RunStopped } from '../runs/loop/agent.stops.js';
import { repeatedDeathError, SUSPECT_CRASHES } from '../runs/recovery/process.death.js';
import { RunControl } from '../runs/recovery/run.control.js';
import type { Run } from '../runs/run.js';
import { RunEngine } from '../runs/run.engine.js';
import { cancellationOf, type RunRow } from '../runs/run.row.js';
import { RunStarter } from '../runs/run.starter.js';
import { loggedCause, outageIn } from '../storage/database.unavailable.js';
import { RequeueBackoff } from './requeue.backoff.js';
import { SuspectsRepository } from './suspects.repository.js';
import { TasksModuleOptions } from './tasks.options.js';
import { TasksRepository } from './tasks.repository.js';

const RETRY_MS = 500;
/** Failures in a row after which a task ends, unless the database was down. */
const MAX_FAILURES = 10;

/** Claims tasks, runs an attempt of each with the engine that all entry points share, and stores how it ended. */
@Injectable()
export class TaskRunner {
  readonly #logger = new Logger(TaskRunner.name);
  readonly #backoff = new RequeueBackoff();
  #isDraining = false;

  constructor(
    private readonly starter: RunStarter,
    private readonly engine: RunEngine,
    private readonly control: RunControl,
    private readonly tasks: TasksRepository,
    private readonly suspects: SuspectsRepository,
    private readonly options: TasksModuleOptions,
  ) {}

  /** The tasks that this process has begun. */
  get running(): readonly Run[] {
    return this.control.running.filter(({ context }) => context.kind === 'task');
  }

  /** Whether a running suspect has finished a step, and so is cleared. */
  isCleared(runId: string): boolean {
    const run = this.control.running.find(({ id }) => id === runId);
    return run !== undefined && run.journal.crashes < SUSPECT_CRASHES;
  }

  /**
   * Runs an attempt of a claimed task.
   *
   * @returns milliseconds until the task can be claimed again; undefined: it is not queued.
   */
  async run(row: RunRow): Promise<number | undefined> {
    let execution;
    try {
      execution = await this.#open(row);
    } catch (failure) {
      return await this.#endUnstarted(row, failure);
    }
    const { run } = execution;
    if (this.#isDraining) run.pause();
    const result = await this.engine.execute(execution);
    switch (result.status) {
      case 'requeued':
        if (result.cause instanceof AttemptLost) return undefined;
        if (result.waitMs !== undefined) return await this.#retryLater(run, result.waitMs);
        return await this.#requeue(row, result.cause, run.elapsedMs());
      case 'suspended':
        // Its last event can be stored only while the attempt owns the task.
        await run.events?.flushed();
        this.#backoff.reset(run.id);
        return await this.#untilStored(async () => ((await this.tasks.suspend(run)) ? 0 : undefined), run.id);
      case 'completed':
      case 'failed':
      case 'cancelled':
        this.#backoff.reset(run.id);
        return undefined;
    }
  }

  /** From now on, each task is left to another attempt after its current step. */
  drain(): void {
    this.#isDraining = true;
    for (const run of this.running) run.pause();
  }

  /** Aborts all tasks, also those that are still being opened. Other attempts continue them. */
  interrupt(): void {
    const reason = new RunInterrupted('The service stops.');
    this.control.preparations.abortAll(reason);
    for (const run of this.running) run.abort(reason);
  }

  async #open(row: RunRow) {
    // The task was cancelled between two attempts, when no process could be notified.
    const cancellation = cancellationOf(row);
    if (cancellation) throw cancellation;
    if (row.blamed_at !== null && !(await this.suspects.recordCause(row))) throw this.#fatalTaskError(row);
    return await this.starter.resume(row, Math.max(1, this.options.timeoutMs - row.spent_ms));
  }

  /** The error of a task that stops its process outside a tool call. */
  #fatalTaskError({ run_id, crashes }: RunRow): AgentError {
    this.#logger.warn({ run_id, deaths: crashes, msg: 'a task was given up: its process died again and again' });
    return repeatedDeathError(crashes);
  }

  /** Handles an attempt that could not start: an expected failure ends the task, any other failure requeues it. */
  async #endUnstarted(row: RunRow, failure: unknown): Promise<number | undefined> {
    try {
      const end = this.#finalErrorOf(row, failure);
      if (end === undefined) throw failure;
      await this.control.endClaimed(row, end);
      this.#backoff.reset(row.run_id);
      return undefined;
    } catch (cause) {
      return await this.#requeue(row, cause);
    }
  }

  /** Returns the error that ends a task whose attempt could not start; undefined: the task is tried again. */
  #finalErrorOf({ run_id, spent_ms }: RunRow, failure: unknown): AgentError | undefined {
    if (isFinal(failure)) return failure;
    if (outageIn(failure) || spent_ms < this.options.timeoutMs) return undefined;
    const msg = 'a task was given up: it could not start before its timeout';
    this.#logger.warn({ run_id, cause: failure, msg });
    return new AgentError('agent_timeout', {}, { cause: failure });
  }

  /** Requeues a task whose provider failed. */
  async #retryLater(run: Run, waitMs: number): Promise<number | undefined> {
    return await this.#untilStored(async () => {
      // A lost connection leaves it unknown which events are stored.
      await run.events?.resync();
      await this.tasks.retryLater(run, waitMs).catch((cause: unknown) => {
        if (!(cause instanceof AttemptLost)) throw cause;
      });
      return waitMs;
    }, run.id);
  }

  /** @param spentMs undefined: the attempt could not start. */
  async #requeue(row: RunRow, cause: unknown, spentMs?: number): Promise<number | undefined> {
    const { run_id, attempt } = row;
    let countedMs = spentMs ?? 0;
    // If the service stops, another replica continues at once.
    let waitMs = 0;
    if (!this.#isDraining) {
      const isOutage = outageIn(cause) !== undefined || cause instanceof RunStopped;
      const next = this.#backoff.next(run_id, countedMs, isOutage);
      ({ waitMs } = next);
      if (next.failures >= MAX_FAILURES && (await this.#giveUp(row, cause))) return undefined;
      const line = { run_id, attempt, wait_ms: waitMs, ...loggedCause(cause) };
      this.#logger.warn({ ...line, msg: 'a task is requeued after a failure' });
      // The delay of an attempt that could not start counts toward the timeout, or the task would be tried forever.
      if (spentMs === undefined && !isOutage) countedMs += waitMs;
    }
    return await this.#untilStored(async () => {
      const isQueued = await this.tasks.requeue(run_id, attempt, countedMs, waitMs);
      return isQueued ? waitMs : undefined;
    }, run_id);
  }

  /** Ends a task whose attempts fail again and again. Returns false if the database refuses that too. */
  async #giveUp(row: RunRow, cause: unknown): Promise<boolean> {
    this.#logger.warn({ run_id: row.run_id, cause, msg: 'a task was given up: its attempts failed again and again' });
    try {
      await this.control.endClaimed(row, new AgentError('internal_error', {}, { cause }));
      this.#backoff.reset(row.run_id);
      return true;
    } catch (refusal) {
      this.#logger.warn({ run_id: row.run_id, ...loggedCause(refusal), msg: 'a task could not be given up' });
      return false;
    }
  }

  /** Retries until the database answers or the service stops. */
  async #untilStored(store: () => Promise<number | undefined>, runId: string): Promise<number | undefined> {
    for (let tries = 0; ; tries++) {
      try {
        return await store();
      } catch (cause) {
        if (this.#isDraining) return undefined;
        const line = { run_id: runId, ...loggedCause(cause), msg: 'a task could not be requeued; trying again' };
        this.#logger[tries === 0 ? 'warn' : 'debug'](line);
        await sleep(RETRY_MS);
      }
    }
  }
}

/** Whether a failure ends its task. Failures of the service itself do not: another attempt may succeed. */
function isFinal(failure: unknown): failure is AgentError {
  return failure instanceof AgentError && !outageIn(failure) && failure.code !== 'internal_error';
}
