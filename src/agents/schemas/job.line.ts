import { AgentError } from '../../errors/agent.error.js';
import { TurnQueue } from './turn.queue.js';

/** A new schema has its turn after so many jobs of admitted runs: these cannot hold up other callers. */
const MAX_URGENT_IN_ROW = 8;

/** Limits of a wait: its length, and the number of other waiting jobs that have such limits. */
export interface Patience {
  readonly maxWaiting: number;
  /** Waiting jobs of the same caller. */
  readonly maxWaitingOfCaller: number;
  readonly maxWaitMs: number;
}

/** A job that waits for its turn. */
export interface WaitingJob {
  readonly caller: string;
  /** Undefined: it goes before jobs with limits, and waits without a limit. */
  readonly patience?: Patience | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Admits one job at a time. Callers take turns, so that no caller waits for all jobs of another. */
export class JobLine {
  readonly #urgent = new TurnQueue<() => void>();
  readonly #patient = new TurnQueue<() => void>();
  #urgentInRow = 0;
  #isTaken = false;

  /**
   * Resolves when it is the job's turn; `leave` ends the turn.
   *
   * @throws AgentError `overloaded` if too many jobs wait or the wait takes too long; the signal's reason if it aborts.
   */
  async enter(job: WaitingJob): Promise<void> {
    const { caller, patience, signal } = job;
    signal?.throwIfAborted();
    if (patience && this.#isFull(caller, patience)) throw overloaded();
    const queue = patience ? this.#patient : this.#urgent;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    // Leaves the queue at once, so that no turn goes to a cancelled job.
    const giveUp = (reason: unknown): void => {
      queue.delete(caller, resolve);
      reject(reason);
    };
    const onAbort = (): void => giveUp(signal?.reason);
    const timer = patience && setTimeout(() => giveUp(overloaded()), patience.maxWaitMs);
    signal?.addEventListener('abort', onAbort, { once: true });
    queue.add(caller, resolve);
    if (!this.#isTaken) this.#callNext();
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }

  leave(): void {
    this.#callNext();
  }

  #isFull(caller: string, { maxWaiting, maxWaitingOfCaller }: Patience): boolean {
    return this.#patient.size >= maxWaiting || this.#patient.sizeOf(caller) >= maxWaitingOfCaller;
  }

  #callNext(): void {
    const urgent = this.#urgentInRow < MAX_URGENT_IN_ROW ? this.#urgent.take() : undefined;
    this.#urgentInRow = urgent ? this.#urgentInRow + 1 : 0;
    const next = urgent ?? this.#patient.take() ?? this.#urgent.take();
    this.#isTaken = next !== undefined;
    next?.();
  }
}

function overloaded(): AgentError {
  return new AgentError('overloaded', { detail: 'Too many schemas wait to be compiled. Try again later.' });
}
