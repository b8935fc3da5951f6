import { ActiveJobs } from './active.jobs.js';
import { type JobHandler, TaskQueue } from './task.queue.js';

/** A FIFO queue within one process. */
export class LocalQueue extends TaskQueue {
  readonly isConnected = true;
  readonly #queued = new Set<string>();
  /** Runs that were enqueued again while they were being processed. */
  readonly #requeued = new Set<string>();
  readonly #jobs = new ActiveJobs();
  /** Kept between reads: a new iterator would walk over all removed entries. */
  #order = this.#queued.values();
  #handler: JobHandler | undefined;
  #concurrency = 0;
  #isHeld = false;
  #isPaused = false;

  async enqueue(runId: string): Promise<void> {
    if (this.#isPaused) return;
    if (this.#jobs.has(runId)) this.#requeued.add(runId);
    else this.#queued.add(runId);
    queueMicrotask(() => this.#startJobs());
  }

  process(handler: JobHandler, concurrency: number): void {
    this.#handler = handler;
    this.#concurrency = concurrency;
    this.#startJobs();
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#startJobs();
  }

  async pause(): Promise<void> {
    this.#isPaused = true;
    this.#queued.clear();
    this.#requeued.clear();
  }

  async close(): Promise<void> {
    await this.pause();
    await this.#jobs.ended();
  }

  #startJobs(): void {
    if (this.#handler === undefined) return;
    while (!this.#isHeld && this.#jobs.size < this.#concurrency) {
      const runId = this.#next();
      if (runId === undefined) return;
      void this.#jobs.run(this.#handler, runId).then(() => this.#ended(runId));
    }
  }

  #next(): string | undefined {
    let { value } = this.#order.next();
    if (value === undefined && this.#queued.size > 0) {
      // An iterator that has reached the end stays there.
      this.#order = this.#queued.values();
      ({ value } = this.#order.next());
    }
    if (value !== undefined) this.#queued.delete(value);
    return value;
  }

  #ended(runId: string): void {
    if (this.#requeued.delete(runId)) this.#queued.add(runId);
    this.#startJobs();
  }
}
