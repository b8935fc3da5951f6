const FIRST_MS = 1000;
const LONGEST_MS = 15_000;
/** A task that has not failed for so long begins anew. */
const FORGET_MS = 60_000;

interface HandOn {
  readonly atMs: number;
  readonly waitMs: number;
}

/**
 * Keeps this process from taking up a task again at once that it has just handed on: whatever has failed may fail again.
 * Other replicas may take it up meanwhile.
 */
export class HandOnPace {
  readonly #handOns = new Map<string, HandOn>();

  /** @param now gives milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Notes that a task is handed on. An attempt that ran for longer than it had waited is a new failure, not the same.
   *
   * @param ranMs how long the attempt ran.
   * @returns for how many milliseconds this process leaves the task alone.
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

  /** The task has ended, or rests. */
  forget(runId: string): void {
    this.#handOns.delete(runId);
  }

  /** Others have ended them, perhaps. The oldest stand first. */
  #forgetOld(nowMs: number): void {
    for (const [runId, { atMs }] of this.#handOns) {
      if (nowMs - atMs < FORGET_MS) return;
      this.#handOns.delete(runId);
    }
  }
}
