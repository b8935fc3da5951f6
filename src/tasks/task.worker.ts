import { Injectable, Logger } from '@nestjs/common';
import { singleFlight } from '../async/single.flight.js';
import { RunControl } from '../runs/recovery/run.control.js';
import { ShutdownDeadline } from '../runs/recovery/shutdown.deadline.js';
import type { RunRow } from '../runs/run.row.js';
import { loggedCause, outageIn } from '../storage/database.unavailable.js';
import { SuspectRunner } from './suspect.runner.js';
import { TaskQueue } from './queue/task.queue.js';
import { TaskRunner } from './task.runner.js';
import { TasksModuleOptions } from './tasks.options.js';
import { TasksRepository } from './tasks.repository.js';

/** Interval at which queued rows are enqueued again: the queue may have lost them. */
const RECONCILE_MS = 2000;
/** Maximum rows that are enqueued again at once. */
const MAX_RECONCILED = 1000;

/** Takes tasks from the queue and runs them. Enqueues those that may run now. */
@Injectable()
export class TaskWorker {
  readonly #logger = new Logger(TaskWorker.name);
  #timer: NodeJS.Timeout | undefined;
  #isDraining = false;
  #drained: Promise<void> | undefined;
  /** Tasks that the queue has delivered and whose jobs have not ended yet. */
  readonly #delivered = new Set<string>();
  readonly #suspects: SuspectRunner;

  constructor(
    private readonly queue: TaskQueue,
    private readonly tasks: TasksRepository,
    private readonly runner: TaskRunner,
    private readonly control: RunControl,
    private readonly options: TasksModuleOptions,
    private readonly shutdown: ShutdownDeadline,
  ) {
    this.#suspects = new SuspectRunner({
      queue,
      find: () => runner.nextSuspect(),
      claim: (runId) => runner.claimSuspect(runId),
      run: (row) => this.#run(row),
      isBusy: () => this.#delivered.size > 0 || this.control.running.length > 0,
      isCleared: (runId) => runner.isCleared(runId),
    });
    control.onQueued((runId) => this.#enqueue(runId));
    control.onReleased((key) => {
      this.#startSuspectIf(false);
      if (options.waitForSession) void this.#enqueueNext(() => this.tasks.nextOfSession(key));
    });
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
  drain(): Promise<void> {
    clearInterval(this.#timer);
    return (this.#drained ??= this.#drain());
  }

  async #drain(): Promise<void> {
    this.#isDraining = true;
    this.shutdown.begin();
    this.runner.drain();
    const suspects = this.#suspects.close();
    await this.queue.pause();
    const { running } = this.runner;
    const timer = setTimeout(() => this.runner.interrupt(), this.shutdown.leftMs());
    await Promise.all(running.map(({ ended }) => ended));
    await suspects;
    await this.queue.close();
    clearTimeout(timer);
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
      const claimed = await this.runner.claim(runId);
      if (claimed === 'suspect') return true;
      if (claimed) await this.#run(claimed);
    } catch (cause) {
      // The row stays queued, or another process recovers it: it is enqueued again.
      const line = { run_id: runId, ...loggedCause(cause), msg: 'a task could not be claimed' };
      // During an outage this happens to every waiting task.
      this.#logger[outageIn(cause) ? 'debug' : 'warn'](line);
    }
    return false;
  }

  /** Checks whether a suspect may start. */
  #startSuspectIf(isSuspect: boolean): void {
    if (isSuspect || this.#suspects.isWaiting) void this.#suspects.startNext();
  }

  async #run(row: RunRow): Promise<void> {
    if (await this.runner.run(row)) this.#enqueue(row.run_id);
    await this.#enqueueNext(() => this.runner.nextOfCaller(row));
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
