/**
 * Yields the same events and stops at once when the signal aborts. The source may be host code that ignores the
 * signal.
 *
 * @throws the signal's reason when it aborts.
 */
export function iterateUntilAborted<T>(events: AsyncIterable<T>, signal: AbortSignal): AsyncIterable<T> {
  return { [Symbol.asyncIterator]: () => new AbortableIterator(events, signal) };
}

/** No generator: for each event it would cost three promises, where one is enough. */
class AbortableIterator<T> implements AsyncIterator<T> {
  readonly #source: AsyncIterator<T>;
  #giveUp: ((reason: unknown) => void) | undefined;
  #isClosed = false;
  readonly #onAbort = (): void => this.#giveUp?.(this.signal.reason);

  constructor(
    events: AsyncIterable<T>,
    private readonly signal: AbortSignal,
  ) {
    signal.throwIfAborted();
    this.#source = events[Symbol.asyncIterator]();
    signal.addEventListener('abort', this.#onAbort);
  }

  next(): Promise<IteratorResult<T>> {
    return new Promise((resolve, reject) => {
      this.#giveUp = (reason) => {
        this.#close();
        reject(reason);
      };
      if (this.signal.aborted) return this.#onAbort();
      try {
        this.#source
          .next()
          .then((step) => resolve(this.#closedIfDone(step)))
          .catch(this.#giveUp);
      } catch (failure) {
        this.#giveUp(failure);
      }
    });
  }

  return(): Promise<IteratorResult<T>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  #closedIfDone(step: IteratorResult<T>): IteratorResult<T> {
    if (step.done === true) this.#close();
    return step;
  }

  #close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.signal.removeEventListener('abort', this.#onAbort);
    // Not awaited: it may never settle.
    void end(this.#source);
  }
}

/** Lets the source end. Its failure changes nothing any more. */
async function end(source: AsyncIterator<unknown>): Promise<void> {
  try {
    await source.return?.();
  } catch {
    // The reader has gone.
  }
}

/**
 * Resolves with the same result unless the signal aborts first. The work may be host code that never ends.
 *
 * @throws the signal's reason when it aborts.
 */
export async function raceAbort<T>(work: T | Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
