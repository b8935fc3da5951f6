import { AgentError } from '../errors/agent.error.js';

/** How long a job waits for its turn. */
export interface Patience {
  /** The jobs that may wait before it. */
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  readonly signal: AbortSignal | undefined;
}

/** Lets one job after another pass, in the order in which they come. */
export class JobLine {
  readonly #waiting = new Set<() => void>();
  #isTaken = false;

  /**
   * Resolves when it is the job's turn; `leave` ends the turn. Without patience it waits as long as it takes.
   *
   * @throws AgentError `overloaded` if too many jobs wait or the wait takes too long; the signal's reason if it aborts.
   */
  async enter(patience?: Patience): Promise<void> {
    patience?.signal?.throwIfAborted();
    if (!this.#isTaken) {
      this.#isTaken = true;
      return;
    }
    if (patience && this.#waiting.size >= patience.maxWaiting) throw overloaded();
    await this.#turn(patience);
  }

  leave(): void {
    const [next] = this.#waiting;
    if (next) next();
    else this.#isTaken = false;
  }

  async #turn(patience: Patience | undefined): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const signal = patience?.signal;
    const onTurn = (): void => {
      this.#waiting.delete(onTurn);
      resolve();
    };
    // At once, so that its turn is not given to a job that has left.
    const leave = (reason: unknown): void => {
      this.#waiting.delete(onTurn);
      reject(reason);
    };
    const onAbort = (): void => leave(signal?.reason);
    const timer = patience && setTimeout(() => leave(overloaded()), patience.maxWaitMs);
    this.#waiting.add(onTurn);
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await promise;
    } finally {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
    }
  }
}

function overloaded(): AgentError {
  return new AgentError('overloaded', { detail: 'Too many schemas wait to be compiled. Try again.' });
}
