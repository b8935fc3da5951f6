import type { RunRow } from '../../runs/run.row.js';
import type { TaskQueue } from '../queue/task.queue.js';

/**
 * The slots of this process for tasks. While none is free, or a suspect runs alone, the queue is held: other processes
 * then get its wake-ups.
 */
export class TaskSlots {
  readonly #running = new Set<Promise<void>>();
  /** Slots whose task is being claimed. */
  #reserved = 0;
  #isHeld = false;
  #isQueueHeld = false;

  /** @param onFree called when a task may begin that could not before. */
  constructor(
    private readonly queue: Pick<TaskQueue, 'hold' | 'release'>,
    private readonly count: number,
    private readonly onFree: () => void,
  ) {}

  /** The number of tasks that may begin now. */
  get free(): number {
    return this.#isHeld ? 0 : Math.max(0, this.count - this.#running.size - this.#reserved);
  }

  /** Whether a task runs or is being claimed. */
  get isBusy(): boolean {
    return this.#running.size + this.#reserved > 0;
  }

  /** Lets no task begin until `release`. */
  hold(): void {
    this.#isHeld = true;
    this.#updateQueue();
  }

  release(): void {
    this.#isHeld = false;
    this.#updateQueue();
    this.onFree();
  }

  /**
   * Claims a task for a slot and runs it there. Resolves once it is claimed.
   *
   * @returns whether there was one.
   */
  async fill(claim: () => Promise<RunRow | undefined>, run: (row: RunRow) => Promise<void>): Promise<boolean> {
    this.#reserved++;
    let row;
    try {
      row = await claim();
    } finally {
      this.#reserved--;
    }
    if (row === undefined) return false;
    const running = run(row).finally(() => {
      this.#running.delete(running);
      this.#updateQueue();
      this.onFree();
    });
    this.#running.add(running);
    this.#updateQueue();
    return true;
  }

  /** Resolves when no task runs or is being claimed. */
  async ended(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  #updateQueue(): void {
    const isFull = this.#isHeld || this.#running.size >= this.count;
    if (isFull === this.#isQueueHeld) return;
    this.#isQueueHeld = isFull;
    if (isFull) this.queue.hold();
    else this.queue.release();
  }
}
