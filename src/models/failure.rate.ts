import { CircuitState, type IBreaker } from 'cockatiel';

const WINDOW_MS = 10_000;
const SLICE_MS = 1000;
const LEAST_CALLS = 5;
const THRESHOLD = 0.5;

interface Slice {
  readonly startedAt: number;
  calls: number;
  failures: number;
}

/**
 * Says that too much fails: more than half of the calls of the last ten seconds, and of five at least. The sampling
 * breaker of cockatiel moves its window by one second a call, so that with few calls it would count those of hours ago.
 */
export class FailureRate implements IBreaker {
  /** Kept nowhere. */
  readonly state: unknown = undefined;
  #slices: Slice[] = [];

  success(state: CircuitState): void {
    // What failed before is no longer true.
    if (state === CircuitState.HalfOpen) this.#slices = [];
    this.#count(0);
  }

  failure(state: CircuitState): boolean {
    this.#count(1);
    if (state !== CircuitState.Closed) return true;
    const calls = this.#slices.reduce((sum, slice) => sum + slice.calls, 0);
    const failures = this.#slices.reduce((sum, slice) => sum + slice.failures, 0);
    return calls >= LEAST_CALLS && failures > calls * THRESHOLD;
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
