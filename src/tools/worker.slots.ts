/** A semaphore with a first-in, first-out queue. */
export class WorkerSlots {
  readonly #waiting = new Set<() => void>();

  constructor(private free: number) {}

  /**
   * Resolves when a slot is acquired. Release it with `give`.
   *
   * @throws the reason of the signal if it aborts first.
   */
  async acquire(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.free > 0) {
      this.free -= 1;
      return;
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const onAbort = (): void => {
      this.#waiting.delete(resolve);
      reject(signal.reason);
    };
    this.#waiting.add(resolve);
    signal.addEventListener('abort', onAbort, { once: true });
    await promise.finally(() => signal.removeEventListener('abort', onAbort));
  }

  /** Releases a slot to the longest waiting caller. */
  release(): void {
    const [next] = this.#waiting;
    if (!next) {
      this.free += 1;
      return;
    }
    this.#waiting.delete(next);
    next();
  }
}
