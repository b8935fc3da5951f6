import { Logger } from '@nestjs/common';
import { oneAtATime } from '../runs/one.at.a.time.js';
import { ALONE_MS } from '../runs/process.death.js';
import type { RunRow } from '../runs/run.row.js';
import { Takes } from './takes.js';
import type { TaskQueue } from './task.queue.js';

/** The longest that a suspect waits for other runs of this process, and that it keeps other tasks waiting meanwhile. */
const WAIT_MS = 10_000;

/** What a runner of suspects needs of its worker. */
export interface SuspectWork {
  readonly queue: Pick<TaskQueue, 'hold' | 'release'>;
  /** The id of the queued suspect whose turn it is. */
  find(): Promise<string | undefined>;
  /** Claims it for this process; undefined if another process was faster. */
  claim(runId: string): Promise<RunRow | undefined>;
  /** Runs it to its end. */
  run(row: RunRow): Promise<void>;
  /** Whether this process has other runs under way. */
  isBusy(): boolean;
  /** Whether the suspect has finished a step: it is no suspect any more. */
  isCleared(runId: string): boolean;
}

/**
 * Runs suspects, tasks whose processes died again and again: one at a time, and alone. If the process dies once more,
 * its cause is known, and no other task suffers. A suspect that waits is claimed by nobody, so any process may take it.
 */
export class SuspectRunner {
  readonly #logger = new Logger(SuspectRunner.name);
  readonly #takes = new Takes();
  /** Since when this process takes nothing from the queue. */
  #heldAtMs: number | undefined;
  /** The suspect whose turn it is: it has finished no step yet, and runs for less than a minute. */
  #current: { readonly runId: string; readonly beganMs: number } | undefined;
  #beginning: Promise<void> | undefined;
  #isClosed = false;
  /** Begins with the next suspect if it is time for it. To be called every few seconds, and whenever a run ends. */
  readonly look = oneAtATime(() => this.#look());

  constructor(
    private readonly work: SuspectWork,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** Whether a suspect waits for the runs of this process to end. */
  get isWaiting(): boolean {
    return this.#heldAtMs !== undefined && this.#current === undefined;
  }

  /** Begins with no other suspect; resolves when the one under way has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#beginning?.catch(() => undefined);
    await this.#takes.ended();
  }

  async #look(): Promise<void> {
    try {
      if (this.#isClosed || this.#hasTurn()) return;
      const runId = await this.work.find();
      if (runId === undefined) return this.#release();
      this.#hold();
      if (this.work.isBusy() && this.#heldForMs() < WAIT_MS) return;
      this.#beginning = this.#begin(runId);
      await this.#beginning;
    } catch (cause) {
      this.#logger.debug({ cause, msg: 'the suspects could not be looked after' });
    }
  }

  /** Whether no other suspect may begin yet. */
  #hasTurn(): boolean {
    if (this.#current === undefined) return false;
    const { runId, beganMs } = this.#current;
    const isOver = this.work.isCleared(runId) || this.now() - beganMs >= ALONE_MS;
    return isOver ? this.#endTurn() : true;
  }

  /** Lets other tasks in before the next suspect, if they have waited for long. Returns whether. */
  #endTurn(): boolean {
    this.#current = undefined;
    const isLong = this.#heldForMs() >= WAIT_MS;
    if (isLong) this.#release();
    return isLong;
  }

  async #begin(runId: string): Promise<void> {
    const row = this.#isClosed ? undefined : await this.work.claim(runId);
    if (row === undefined) return this.#release();
    this.#current = { runId, beganMs: this.now() };
    void this.#run(row);
  }

  async #run(row: RunRow): Promise<void> {
    await this.#takes.run(() => this.work.run(row), row.run_id);
    const isNext = this.#current?.runId === row.run_id ? !this.#endTurn() : this.isWaiting;
    if (isNext) void this.look();
  }

  #heldForMs(): number {
    return this.#heldAtMs === undefined ? 0 : this.now() - this.#heldAtMs;
  }

  #hold(): void {
    if (this.#heldAtMs !== undefined) return;
    this.#heldAtMs = this.now();
    this.work.queue.hold();
  }

  #release(): void {
    if (this.#heldAtMs === undefined) return;
    this.#heldAtMs = undefined;
    this.work.queue.release();
  }
}
