const FIRST_DELAY_MS = 1000;
const MAX_DELAY_MS = 15_000;
/**
 * The delay of a task resets after this time without a failure here. Other processes may try the task in between, each
 * after up to fifteen seconds.
 */
const RESET_AFTER_MS = 3_600_000;

/** The delay of a requeued task. */
interface Requeue {
  /** Milliseconds until the task may be claimed again. */
  readonly waitMs: number;
  /** Failed attempts in a row. */
  readonly failures: number;
}

/**
 * Chooses how long a task waits that is requeued after a failure of the service: the same failure may recur. Each process
 * counts for itself, because the failure may be its own, such as a full disk: another process gets its own tries. So a
 * task ends after at most ten failures per process, and the rows need no further column. A process that dies forgets its
 * counts; its deaths are counted in the rows.
 */
export class RequeueBackoff {
  readonly #requeues = new Map<string, Requeue & { readonly atMs: number }>();

  /** @param now returns milliseconds. */
  constructor(private readonly now: () => number = () => performance.now()) {}

  /**
   * Records that a task is requeued. An attempt that ran for longer than its last delay counts as a new failure.
   *
   * @param ranMs duration of the attempt.
   * @param isOutage whether the database was down, or the operator has stopped the agent. That is not a failure.
   */
  next(runId: string, ranMs: number, isOutage: boolean): Requeue {
    const nowMs = this.now();
    this.#expire(nowMs);
    const last = this.#requeues.get(runId);
    const repeated = last && ranMs <= last.waitMs ? last : undefined;
    const requeue = {
      waitMs: repeated ? Math.min(MAX_DELAY_MS, repeated.waitMs * 2) : FIRST_DELAY_MS,
      failures: (repeated?.failures ?? 0) + (isOutage ? 0 : 1),
    };
    this.#requeues.delete(runId);
    this.#requeues.set(runId, { ...requeue, atMs: nowMs });
    return requeue;
  }

  /** Resets the delay of a task that has ended or is suspended. */
  reset(runId: string): void {
    this.#requeues.delete(runId);
  }

  /** Other replicas may have ended these tasks. The map has the oldest first. */
  #expire(nowMs: number): void {
    for (const [runId, { atMs }] of this.#requeues) {
      if (nowMs - atMs < RESET_AFTER_MS) return;
      this.#requeues.delete(runId);
    }
  }
}
