import { Injectable, Logger } from '@nestjs/common';
import { singleFlight } from '../async/single.flight.js';
import { RunControl } from '../runs/recovery/run.control.js';
import { ShutdownDeadline } from '../runs/recovery/shutdown.deadline.js';
import type { RunRow } from '../runs/run.row.js';
import type { SessionKey } from '../sessions/session.key.js';
import { ClaimLoop } from './claims/claim.loop.js';
import { TaskClaims } from './claims/task.claims.js';
import { TaskQueue } from './queue/task.queue.js';
import { SuspectRunner } from './suspect.runner.js';
import { TaskRunner } from './task.runner.js';
import { TaskSlots } from './claims/task.slots.js';
import { TasksModuleOptions } from './tasks.options.js';

/** Interval at which this process looks for queued tasks: a wake-up may be lost. */
const RECONCILE_MS = 2000;

/** Claims tasks when the queue wakes it, and runs them. Wakes the workers when a task may run. */
@Injectable()
export class TaskWorker {
  readonly #logger = new Logger(TaskWorker.name);
  readonly #slots: TaskSlots;
  readonly #suspects: SuspectRunner;
  readonly #loop: ClaimLoop;
  readonly #retries = new Set<NodeJS.Timeout>();
  #timer: NodeJS.Timeout | undefined;
  #isStarted = false;
  #drained: Promise<void> | undefined;

  constructor(
    private readonly queue: TaskQueue,
    private readonly claims: TaskClaims,
    private readonly runner: TaskRunner,
    control: RunControl,
    private readonly options: TasksModuleOptions,
    private readonly shutdown: ShutdownDeadline,
  ) {
    const run = (row: RunRow): Promise<void> => this.#run(row);
    this.#slots = new TaskSlots(queue, options.concurrency, () => this.#onFree());
    this.#suspects = new SuspectRunner({
      slots: this.#slots,
      find: () => claims.nextSuspect(),
      claim: (runId) => claims.claimSuspect(runId),
      run,
      isBusy: () => this.#slots.isBusy || control.running.length > 0,
      isCleared: (runId) => runner.isCleared(runId),
    });
    this.#loop = new ClaimLoop(this.#slots, {
      findNext: (isThorough) => claims.findNext(isThorough),
      claimNext: () => claims.claimNext(),
      claim: (runId) => this.#claim(runId),
      run,
    });
    control.onQueued((runId) => this.#enqueue(runId));
    control.onReleased((key) => {
      this.#startSuspectIf(this.#suspects.isWaiting);
      if (options.waitForSession) void this.#enqueueNext(key);
    });
  }

  /** Starts to process tasks. `AgentModule` calls it once the application has started. */
  async start(): Promise<void> {
    if (this.options.role === 'http') return;
    // Nothing else runs yet, so a suspect can start at once.
    await this.#suspects.startNext();
    this.#isStarted = true;
    this.queue.process((runId) => this.#loop.wake(runId), this.options.concurrency);
    const reconcile = singleFlight(async () => {
      void this.#suspects.startNext();
      await this.#loop.wakeThoroughly();
    });
    await reconcile();
    this.#timer = setInterval(() => void reconcile(), RECONCILE_MS);
  }

  /** Stops claiming and waits for the running tasks. Tasks that exceed the time limit are interrupted and requeued. */
  drain(): Promise<void> {
    clearInterval(this.#timer);
    for (const retry of this.#retries) clearTimeout(retry);
    return (this.#drained ??= this.#drain());
  }

  async #drain(): Promise<void> {
    this.shutdown.begin();
    this.runner.drain();
    const claimed = this.#loop.close();
    const suspects = this.#suspects.close();
    await this.queue.pause();
    const timer = setTimeout(() => this.runner.interrupt(), this.shutdown.leftMs());
    await claimed;
    await Promise.all([this.#slots.ended(), suspects]);
    await this.queue.close();
    clearTimeout(timer);
  }

  #onFree(): void {
    this.#startSuspectIf(this.#suspects.isWaiting);
    if (this.#isStarted) void this.#loop.wake();
  }

  async #claim(runId: string): Promise<RunRow | undefined> {
    const claimed = await this.claims.claim(runId);
    this.#startSuspectIf(claimed === 'suspect');
    return claimed === 'suspect' ? undefined : claimed;
  }

  /** Checks whether a suspect may start. */
  #startSuspectIf(isNeeded: boolean): void {
    if (isNeeded) void this.#suspects.startNext();
  }

  async #run(row: RunRow): Promise<void> {
    try {
      const waitMs = await this.runner.run(row);
      if (waitMs === 0) this.#enqueue(row.run_id);
      else if (waitMs !== undefined) this.#enqueueAfter(waitMs, row.run_id);
    } catch (cause) {
      this.#logger.error({ cause, run_id: row.run_id, msg: 'a worker failed to process a run' });
    }
  }

  /** Other replicas may claim the task at the same time. */
  #enqueueAfter(waitMs: number, runId: string): void {
    if (this.#drained !== undefined) return;
    const retry = setTimeout(() => {
      this.#retries.delete(retry);
      this.#enqueue(runId);
      // Timers may fire a millisecond early.
    }, waitMs + 1).unref();
    this.#retries.add(retry);
  }

  async #enqueueNext(key: SessionKey): Promise<void> {
    try {
      const runId = await this.claims.nextOfSession(key);
      if (runId !== undefined) this.#enqueue(runId);
    } catch (cause) {
      this.#logger.debug({ cause, msg: 'the next task could not be found' });
    }
  }

  #enqueue(runId: string): void {
    this.queue.enqueue(runId).catch((cause: unknown) => {
      this.#logger.debug({ run_id: runId, cause, msg: 'no other process could be woken for a task' });
      if (this.#isStarted) void this.#loop.wake(runId);
    });
  }
}
