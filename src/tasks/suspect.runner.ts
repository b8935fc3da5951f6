import { Logger } from '@nestjs/common';
import { singleFlight } from '../async/single.flight.js';
import type { RunRow } from '../runs/run.row.js';
import { ActiveJobs } from './queue/active.jobs.js';
import type { TaskSlots } from './claims/task.slots.js';

/** How long a suspect waits for other runs of this process, and keeps other tasks waiting meanwhile. */
const MAX_HOLD_MS = 10_000;
/** The maximum time of a suspect alone. Then other tasks and the next suspect may begin. */
const MAX_ALONE_MS = 60_000;

/** The functions of the worker that the runner needs. */
export interface SuspectWork {
  /** Lets other tasks begin or not. */
  readonly slots: Pick<TaskSlots, 'hold' | 'release'>;
  /** Returns the id of the queued suspect that runs next. */
  find(): Promise<string | undefined>;
  /** Claims the task for this process; undefined if another process was faster. */
  claim(runId: string): Promise<RunRow | undefined>;
  /** Runs the task to its end. */
  run(row: RunRow): Promise<void>;
  /** Whether this process has other runs under way. */
  isBusy(): boolean;
  /** Whether the suspect has finished a step, and so is cleared. */
  isCleared(runId: string): boolean;
}

/**
 * Runs suspects, which are tasks whose processes died repeatedly: one at a time, and alone. If the process dies once
 * more, the cause is known, and no other task is affected. A waiting suspect is not claimed, so any process may take
 * it.
 */
export class SuspectRunner {
  readonly #logger = new Logger(SuspectRunner.name);
  readonly #jobs = new ActiveJobs();
  /** When this process stopped claiming tasks. */
  #heldAtMs: number | undefined;
  /** The suspect that runs alone: it has not finished a step, and has run for less than a minute. */
  #current: { readonly runId: string; readonly beganMs: number } | undefined;
  #starting: Promise<void> | undefined;
  #isClosed = false;
  /** Starts the next suspect if it may run. To be called every few seconds, and whenever a run ends. */
  readonly startNext = singleFlight(() => this.#startNext());

  constructor(
    private readonly work: SuspectWork,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether a suspect waits for the runs of this process to end. */
  get isWaiting(): boolean {
    return this.#heldAtMs !== undefined && this.#current === undefined;
  }

  /** Starts no other suspect. Resolves when the running one has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#starting?.catch(() => undefined);
    await this.#jobs.ended();
  }

  async #startNext(): Promise<void> {
    try {
      if (this.#isClosed || this.#isOccupied()) return;
      const runId = await this.work.find();
      if (runId === undefined) return this.#releaseSlots();
      this.#holdSlots();
      if (this.work.isBusy() && this.#heldForMs() < MAX_HOLD_MS) return;
      this.#starting = this.#start(runId);
      await this.#starting;
    } catch (cause) {
      this.#logger.debug({ cause, msg: 'the suspects could not be checked' });
    }
  }

  /** Whether the next suspect has to wait. */
  #isOccupied(): boolean {
    if (this.#current === undefined) return false;
    const { runId, beganMs } = this.#current;
    const isOver = this.work.isCleared(runId) || this.now() - beganMs >= MAX_ALONE_MS;
    return isOver ? this.#endTurn() : true;
  }

  /**
   * Ends the turn, and lets other tasks begin if they have waited for long. Returns whether it did.
   */
  #endTurn(): boolean {
    this.#current = undefined;
    const isLong = this.#heldForMs() >= MAX_HOLD_MS;
    if (isLong) this.#releaseSlots();
    return isLong;
  }

  async #start(runId: string): Promise<void> {
    const row = this.#isClosed ? undefined : await this.work.claim(runId);
    if (row === undefined) return this.#releaseSlots();
    this.#current = { runId, beganMs: this.now() };
    void this.#run(row);
  }

  async #run(row: RunRow): Promise<void> {
    await this.#jobs.run(() => this.work.run(row), row.run_id);
    const isNext = this.#current?.runId === row.run_id ? !this.#endTurn() : this.isWaiting;
    if (isNext) void this.startNext();
  }

  #heldForMs(): number {
    return this.#heldAtMs === undefined ? 0 : this.now() - this.#heldAtMs;
  }

  #holdSlots(): void {
    if (this.#heldAtMs !== undefined) return;
    this.#heldAtMs = this.now();
    this.work.slots.hold();
  }

  #releaseSlots(): void {
    if (this.#heldAtMs === undefined) return;
    this.#heldAtMs = undefined;
    this.work.slots.release();
  }
}
