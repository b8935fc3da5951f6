const FIRST_MS = 1000;
const LONGEST_MS = 15_000;
/** The delay of a task resets after this time without a failure. */
const FORGET_MS = 60_000;

interface HandOn {
  readonly atMs: number;
  readonly waitMs: number;
}

/**
 * Delays this process before it claims a task again that it has just requeued: the same failure may recur. Other
 * replicas may claim the task meanwhile.
 */
export class HandOnPace {
  readonly #handOns = new Map<string, HandOn>();

  /** @param now returns milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Records that a task is requeued. An attempt that ran for longer than its last delay counts as a new failure.
   *
   * @param ranMs duration of the attempt.
   * @returns milliseconds until this process may claim the task again.
   */
  note(runId: string, ranMs: number): number {
    const nowMs = this.now();
    this.#forgetOld(nowMs);
    const last = this.#handOns.get(runId);
    const waitMs = last && ranMs <= last.waitMs ? Math.min(LONGEST_MS, last.waitMs * 2) : FIRST_MS;
    this.#handOns.delete(runId);
    this.#handOns.set(runId, { atMs: nowMs, waitMs });
    return waitMs;
  }

  isTooSoon(runId: string): boolean {
    const last = this.#handOns.get(runId);
    return last !== undefined && this.now() < last.atMs + last.waitMs;
  }

  /** The tasks that this process may not claim yet. */
  get delayed(): ReadonlySet<string> {
    return new Set([...this.#handOns.keys()].filter((runId) => this.isTooSoon(runId)));
  }

  /** Resets the delay of a task that has ended or is suspended. */
  forget(runId: string): void {
    this.#handOns.delete(runId);
  }

  /** Other replicas may have ended these tasks. The map has the oldest first. */
  #forgetOld(nowMs: number): void {
    for (const [runId, { atMs }] of this.#handOns) {
      if (nowMs - atMs < FORGET_MS) return;
      this.#handOns.delete(runId);
    }
  }
}
