import { withJitter } from '../../async/jitter.js';

const FIRST_WAIT_MS = 1000;
const MAX_WAIT_MS = 60_000;
/** An attempt needs at least this time. */
const MIN_ATTEMPT_MS = 1000;

/** A failed attempt at a task. */
export interface FailedAttempt {
  /** Attempts in a row that failed before it, without a finished step. */
  readonly failures: number;
  /** The wait that the provider asks for; undefined: none. */
  readonly requestedMs: number | undefined;
  /** Time of the task that is left. */
  readonly leftMs: number;
}

/**
 * How long a task waits before it is tried again. The wait doubles from a second to a minute. A jitter of up to a quarter
 * is subtracted, or added to the wait that the provider asks for. So tasks which failed together do not retry together.
 *
 * @returns milliseconds; undefined: the time of the task does not suffice for another attempt.
 */
export function retryWaitMs({ failures, requestedMs = 0, leftMs }: FailedAttempt): number | undefined {
  const backoffMs = Math.min(MAX_WAIT_MS, FIRST_WAIT_MS * 2 ** failures) * (1 - Math.random() / 4);
  // A long wait would end after the deadline: the second half of the time is for the attempt.
  const leastMs = Math.ceil(Math.max(requestedMs, Math.min(backoffMs, leftMs / 2)));
  const mostMs = leftMs - MIN_ATTEMPT_MS;
  if (leastMs > mostMs) return undefined;
  return leastMs === requestedMs ? Math.min(withJitter(requestedMs), mostMs) : leastMs;
}
