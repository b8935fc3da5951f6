import { AgentError } from '../../errors/agent.error.js';
import { FairQueue } from './fair.queue.js';

/** A new schema has its turn after so many jobs of admitted runs: these cannot hold up other callers. */
const MAX_URGENT_IN_ROW = 8;

/** Limits of a wait: its length, and the number of other waiting jobs that have such limits. */
export interface WaitLimits {
  readonly maxWaiting: number;
  /** Waiting jobs of the same caller. */
  readonly maxWaitingOfCaller: number;
  readonly maxWaitMs: number;
}

/** A job that waits for its turn. */
export interface WaitingJob {
  readonly caller: string;
  /** Undefined: it goes before jobs with limits, and waits without a limit. */
  readonly limits?: WaitLimits | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Admits one job at a time. Callers take turns, so that no caller waits for all jobs of another. */
export class JobQueue {
  readonly #urgent = new FairQueue<() => void>();
  readonly #limited = new FairQueue<() => void>();
  #urgentInRow = 0;
  #isBusy = false;

  /**
   * Resolves when it is the job's turn; `leave` ends the turn.
   *
   * @throws AgentError `overloaded` if too many jobs wait or the wait takes too long; the signal's reason if it aborts.
   */
  async acquire(job: WaitingJob): Promise<void> {
    const { caller, limits, signal } = job;
    signal?.throwIfAborted();
    if (limits && this.#isFull(caller, limits)) throw overloaded();
    const queue = limits ? this.#limited : this.#urgent;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Leaves the queue at once, so that no turn goes to a cancelled job.
    const giveUp = (reason: unknown): void => {
      queue.delete(caller, resolve);
      reject(reason);
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const timer = limits && setTimeout(() => giveUp(overloaded()), limits.maxWaitMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    queue.add(caller, resolve);
    if (!this.#isBusy) this.#startNext();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  release(): void {
    this.#startNext();
  }

  #isFull(caller: string, { maxWaiting, maxWaitingOfCaller }: WaitLimits): boolean {
    return this.#limited.size >= maxWaiting || this.#limited.sizeOf(caller) >= maxWaitingOfCaller;
  }

  #startNext(): void {
    const urgent = this.#urgentInRow < MAX_URGENT_IN_ROW ? this.#urgent.dequeue() : undefined;
    this.#urgentInRow = urgent ? this.#urgentInRow + 1 : 0;
    const next = urgent ?? this.#limited.dequeue() ?? this.#urgent.dequeue();
    this.#isBusy = next !== undefined;
    next?.();
  }
}

function overloaded(): AgentError {
  return new AgentError('overloaded', { detail: 'Too many schemas wait to be compiled. Try again later.' });
}
