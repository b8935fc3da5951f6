import { ActiveJobs } from './active.jobs.js';
import { type JobHandler, TaskQueue } from './task.queue.js';

/** A FIFO queue within one process. */
export class LocalQueue extends TaskQueue {
  readonly isConnected = true;
  readonly #offered = new Set<string>();
  /** Runs that were enqueued again while they were being processed. */
  readonly #again = new Set<string>();
  readonly #jobs = new ActiveJobs();
  /** Kept between reads: a new iterator would walk over all removed entries. */
  #order = this.#offered.values();
  #handler: JobHandler | undefined;
  #concurrency = 0;
  #isHeld = false;
  #isPaused = false;

  enqueue(runId: string): Promise<void> {
    if (this.#isPaused) return Promise.resolve();
    if (this.#jobs.has(runId)) this.#again.add(runId);
    else this.#offered.add(runId);
    queueMicrotask(() => this.#fill());
    return Promise.resolve();
  }

  process(take: JobHandler, concurrency: number): void {
    this.#handler = take;
    this.#concurrency = concurrency;
    this.#fill();
  }

  hold(): void {
    this.#isHeld = true;
  }

  release(): void {
    this.#isHeld = false;
    this.#fill();
  }

  pause(): Promise<void> {
    this.#isPaused = true;
    this.#offered.clear();
    this.#again.clear();
    return Promise.resolve();
  }

  async close(): Promise<void> {
    await this.pause();
    await this.#jobs.ended();
  }

  #fill(): void {
    if (this.#handler === undefined) return;
    while (!this.#isHeld && this.#jobs.size < this.#concurrency) {
      const runId = this.#next();
      if (runId === undefined) return;
      void this.#jobs.run(this.#handler, runId).then(() => this.#ended(runId));
    }
  }

  #next(): string | undefined {
    let { value } = this.#order.next();
    if (value === undefined && this.#offered.size > 0) {
      // An iterator that has reached the end stays there.
      this.#order = this.#offered.values();
      ({ value } = this.#order.next());
    }
    if (value !== undefined) this.#offered.delete(value);
    return value;
  }

  #ended(runId: string): void {
    if (this.#again.delete(runId)) this.#offered.add(runId);
    this.#fill();
  }
}
