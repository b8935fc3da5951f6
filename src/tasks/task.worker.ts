import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
import { AttemptLost, RunInterrupted } from '../runs/events/event.writer.js';
import { singleFlight } from '../async/single.flight.js';
import type { Run } from '../runs/run.js';
import { RunControl } from '../runs/recovery/run.control.js';
import { RunEngine } from '../runs/run.engine.js';
import { RunResumer } from '../runs/run.resumer.js';
import { cancellationOf, type RunRow } from '../runs/run.row.js';
import { RunsRepository } from '../runs/runs.repository.js';
import { repeatedDeathError, SUSPECT_CRASHES } from '../runs/recovery/process.death.js';
import { ShutdownDeadline } from '../runs/recovery/shutdown.deadline.js';
import { loggedCause, outageIn } from '../storage/database.unavailable.js';
import { RequeueBackoff } from './requeue.backoff.js';
import { SuspectRunner } from './suspect.runner.js';
import { SuspectsRepository } from './suspects.repository.js';
import { TaskQueue } from './task.queue.js';
import { TasksRepository } from './tasks.repository.js';
import { TasksModuleOptions } from './tasks.options.js';
import { RunsModuleOptions } from '../runs/runs.options.js';

/** Interval at which queued rows are enqueued again: the queue may have lost them. */
const RECONCILE_MS = 2000;
/** Maximum rows that are enqueued again at once. */
const MAX_RECONCILED = 1000;
const RETRY_MS = 500;

/** An attempt that stopped before its task ended. */
interface InterruptedAttempt {
  readonly spentMs: number;
  readonly cause: unknown;
  /** The attempt could not start. Its delay counts toward the timeout, or the task would be tried forever. */
  readonly isNotStarted?: boolean;
}

/** Claims tasks, runs them with the engine that all entry points share, and releases those that have to wait. */
@Injectable()
export class TaskWorker {
  readonly #logger = new Logger(TaskWorker.name);
  readonly #backoff = new RequeueBackoff();
  #timer: NodeJS.Timeout | undefined;
  #isDraining = false;
  #drained: Promise<void> | undefined;
  /** Tasks that the queue has delivered and whose jobs have not ended yet. */
  readonly #delivered = new Set<string>();
  readonly #suspects: SuspectRunner;

  // oxlint-disable-next-line rookery/max-params -- every part that an attempt needs
  constructor(
    private readonly queue: TaskQueue,
    private readonly tasks: TasksRepository,
    private readonly suspects: SuspectsRepository,
    private readonly runs: RunsRepository,
    private readonly resumer: RunResumer,
    private readonly engine: RunEngine,
    private readonly control: RunControl,
    private readonly options: TasksModuleOptions,
    private readonly shutdown: ShutdownDeadline,
    { sessionPolicy }: RunsModuleOptions,
  ) {
    const { concurrencyPerCaller: perCaller } = options;
    this.#suspects = new SuspectRunner({
      queue,
      find: () => this.#nextSuspect(perCaller),
      claim: (runId) => this.#claimAlone(runId),
      run: (row) => this.#run(row),
      isBusy: () => this.#delivered.size > 0 || this.control.running.length > 0,
      isCleared: (runId) => this.#isCleared(runId),
    });
    control.onQueued((runId) => this.#enqueue(runId));
    control.onReleased(() => this.#startSuspectIf(false));
    // Only under this policy tasks wait for their session.
    if (sessionPolicy === 'queue')
      control.onReleased((key) => void this.#enqueueNext(() => this.tasks.nextOfSession(key)));
  }

  /** Starts to process tasks. `AgentModule` calls it once the application has started. */
  async start(): Promise<void> {
    if (this.options.role === 'http') return;
    // Nothing else runs yet, so a suspect can start at once.
    await this.#suspects.startNext();
    this.queue.process((runId) => this.#processJob(runId), this.options.concurrency);
    const reconcile = singleFlight(() => this.#reconcile());
    await reconcile();
    this.#timer = setInterval(() => void reconcile(), RECONCILE_MS);
  }

  /** Stops claiming and waits for the running tasks. Tasks that exceed the time limit are interrupted and requeued. */
  async drain(): Promise<void> {
    clearInterval(this.#timer);
    this.#drained ??= this.#drain();
    await this.#drained;
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    this.shutdown.begin();
    const suspects = this.#suspects.close();
    await this.queue.pause();
    const running = this.#running();
    const timer = setTimeout(() => {
      const reason = new RunInterrupted('The service stops.');
      this.control.preparations.abortAll(reason);
      // Includes runs that were still being opened when the shutdown began.
      for (const run of this.#running()) run.abort(reason);
    }, this.shutdown.leftMs());
    for (const run of running) run.pause();
    await Promise.all(running.map(({ ended }) => ended));
    await suspects;
    await this.queue.close();
    clearTimeout(timer);
  }

  #running(): readonly Run[] {
    return this.control.running.filter(({ context }) => context.kind === 'task');
  }

  async #processJob(runId: string): Promise<void> {
    if (this.#isDraining) return;
    this.#delivered.add(runId);
    const isSuspect = await this.#claim(runId);
    this.#delivered.delete(runId);
    this.#startSuspectIf(isSuspect);
  }

  /** Claims the task and runs it to its end. Returns true for a suspect, which is not claimed here. */
  async #claim(runId: string): Promise<boolean> {
    try {
      if (this.#backoff.isWaiting(runId)) return false;
      const claimed = await this.tasks.claim(runId, this.options.concurrencyPerCaller);
      if (claimed === 'suspect') return true;
      if (claimed) await this.#run(claimed);
    } catch (cause) {
      // The row stays queued, or another process recovers it: it is enqueued again.
      const line = { run_id: runId, ...loggedCause(cause), msg: 'a task could not be claimed' };
      // During an outage this happens to every waiting task.
      if (outageIn(cause)) this.#logger.debug(line);
      else this.#logger.warn(line);
    }
    return false;
  }

  /** Returns undefined while the next suspect is delayed after a failure: it must not keep this process idle. */
  async #nextSuspect(perCaller: number): Promise<string | undefined> {
    const runId = await this.suspects.next(perCaller);
    return runId === undefined || this.#backoff.isWaiting(runId) ? undefined : runId;
  }

  async #claimAlone(runId: string): Promise<RunRow | undefined> {
    const claimed = await this.tasks.claim(runId, this.options.concurrencyPerCaller, true);
    return claimed === 'suspect' ? undefined : claimed;
  }

  /** Checks whether a suspect may start. */
  #startSuspectIf(isSuspect: boolean): void {
    if (isSuspect || this.#suspects.isWaiting) void this.#suspects.startNext();
  }

  #isCleared(runId: string): boolean {
    const run = this.control.running.find(({ id }) => id === runId);
    return run !== undefined && run.journal.crashes < SUSPECT_CRASHES;
  }

  async #run(row: RunRow): Promise<void> {
    const run = await this.#open(row);
    if (run) await this.#finishAttempt(run);
    const next = () => this.tasks.nextOfCaller(row, this.#backoff.delayed);
    if (this.options.concurrencyPerCaller < Infinity) await this.#enqueueNext(next);
  }

  /** Runs the attempt to its end. Returns undefined if it could not start. */
  async #open(row: RunRow): Promise<Run | undefined> {
    let open;
    try {
      // The task was cancelled between two attempts, when no process could be notified.
      const cancellation = cancellationOf(row);
      if (cancellation) throw cancellation;
      if (row.blamed_at !== null && !(await this.suspects.recordCause(row))) throw this.#fatalTaskError(row);
      const timeoutMs = Math.max(1, this.options.timeoutMs - row.spent_ms);
      const prepare = (signal: AbortSignal) => this.resumer.open(row, timeoutMs, signal);
      open = await this.control.preparations.prepare(row.run_id, timeoutMs, prepare);
    } catch (failure) {
      await this.#handleStartFailure(row, failure);
      return undefined;
    }
    if (this.#isDraining) open.run.pause();
    await this.engine.execute(open);
    return open.run;
  }

  /** The error of a task that stops its process outside a tool call. */
  #fatalTaskError({ run_id, crashes }: RunRow): AgentError {
    this.#logger.warn({ run_id, deaths: crashes, msg: 'a task was given up: its process died again and again' });
    return repeatedDeathError(crashes);
  }

  /** Handles an attempt that could not start: an expected failure ends the task, any other failure requeues it. */
  async #handleStartFailure(row: RunRow, failure: unknown): Promise<void> {
    try {
      const end = this.#finalErrorOf(row, failure);
      if (end === undefined) throw failure;
      await this.runs.endClaimed(row, end);
      this.#backoff.reset(row.run_id);
      this.control.announceReleased(row);
    } catch (cause) {
      await this.#requeue(row.run_id, row.attempt, { spentMs: 0, cause, isNotStarted: true });
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

  /** Requeues or suspends a task that did not end. */
  async #finishAttempt(run: Run): Promise<void> {
    const { id, attempt, status, signal } = run;
    if (signal.reason instanceof AttemptLost) return;
    if (status === 'requeued') await this.#requeue(id, attempt, { spentMs: run.elapsedMs(), cause: signal.reason });
    else {
      this.#backoff.reset(id);
      if (status === 'suspended') await this.#enqueueIf(() => this.tasks.suspend(run), id);
    }
  }

  async #requeue(
    runId: string,
    attempt: number,
    { spentMs, cause, isNotStarted = false }: InterruptedAttempt,
  ): Promise<void> {
    let countedMs = spentMs;
    if (!this.#isDraining) {
      const waitMs = this.#backoff.next(runId, spentMs);
      const line = { run_id: runId, attempt, wait_ms: waitMs, ...loggedCause(cause) };
      this.#logger.warn({ ...line, msg: 'a task is requeued after a failure' });
      if (isNotStarted && !outageIn(cause)) countedMs += waitMs;
    }
    await this.#enqueueIf(() => this.tasks.requeue(runId, attempt, countedMs), runId);
  }

  /** Retries until the database answers or the service stops. */
  async #enqueueIf(isQueued: () => Promise<boolean>, runId: string): Promise<void> {
    for (let tries = 0; ; tries++) {
      try {
        if (await isQueued()) this.#enqueue(runId);
        return;
      } catch (cause) {
        if (this.#isDraining) return;
        const line = { run_id: runId, ...loggedCause(cause), msg: 'a task could not be requeued; trying again' };
        if (tries === 0) this.#logger.warn(line);
        else this.#logger.debug(line);
        await sleep(RETRY_MS);
      }
    }
  }

  /** Enqueues the oldest queued rows again, because the queue may have lost them. */
  async #reconcile(): Promise<void> {
    void this.#suspects.startNext();
    try {
      const ids = await this.tasks.claimable(MAX_RECONCILED, this.options.concurrencyPerCaller);
      for (const runId of ids) await this.queue.enqueue(runId);
    } catch (cause) {
      this.#logger.debug({ cause, msg: 'the queued tasks could not be enqueued again' });
    }
  }

  async #enqueueNext(next: () => Promise<string | undefined>): Promise<void> {
    try {
      const runId = await next();
      if (runId !== undefined) this.#enqueue(runId);
    } catch (cause) {
      this.#logger.debug({ cause, msg: 'the next task could not be found' });
    }
  }

  #enqueue(runId: string): void {
    this.queue.enqueue(runId).catch((cause: unknown) => {
      this.#logger.debug({ run_id: runId, cause, msg: 'a task could not be enqueued; it is enqueued again later' });
    });
  }
}

/** Whether a failure ends its task. Failures of the service itself do not: another attempt may succeed. */
function isFinal(failure: unknown): failure is AgentError {
  return failure instanceof AgentError && !outageIn(failure) && failure.code !== 'internal_error';
}
