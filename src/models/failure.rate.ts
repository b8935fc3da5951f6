import { CircuitState, type IBreaker } from 'cockatiel';

const WINDOW_MS = 10_000;
const SLICE_MS = 1000;
const MIN_CALLS = 5;
const THRESHOLD = 0.5;

interface Slice {
  readonly startedAt: number;
  calls: number;
  failures: number;
}

/**
 * Opens the breaker if more than half of at least five calls failed within the last ten seconds. The sampling
 * breaker of cockatiel moves its window by one second a call. With few calls it would count those of hours ago.
 */
export class FailureRate implements IBreaker {
  /** Not persisted. */
  readonly state: unknown = undefined;
  #slices: Slice[] = [];

  success(state: CircuitState): void {
    // Earlier failures no longer count.
    if (state === CircuitState.HalfOpen) this.#slices = [];
    this.#count(0);
  }

  failure(state: CircuitState): boolean {
    this.#count(1);
    if (state !== CircuitState.Closed) return true;
    const calls = this.#slices.reduce((sum, slice) => sum + slice.calls, 0);
    const failures = this.#slices.reduce((sum, slice) => sum + slice.failures, 0);
    return calls >= MIN_CALLS && failures > calls * THRESHOLD;
  }

  #count(failures: 0 | 1): void {
    const now = Date.now();
    this.#slices = this.#slices.filter(({ startedAt }) => now - startedAt < WINDOW_MS);
    let slice = this.#slices.at(-1);
    if (slice === undefined || now - slice.startedAt >= SLICE_MS) {
      slice = { startedAt: now, calls: 0, failures: 0 };
      this.#slices.push(slice);
    }
    slice.calls += 1;
    slice.failures += failures;
  }
}
