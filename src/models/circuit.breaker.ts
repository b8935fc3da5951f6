import { circuitBreaker, CircuitState, handleType } from 'cockatiel';
import { FailureRate } from './failure.rate.js';

const HALF_OPEN_AFTER_MS = 10_000;

/** `open`: calls are refused. `half-open`: one is let through, and decides. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** A call that was let through. It has to tell how it ended; the first word stands. */
export interface BreakerCall {
  /** The breaker waits for this call to decide. */
  readonly isProbe: boolean;
  succeed(): void;
  fail(): void;
  /** It ended without showing anything; of a probe that is not enough. */
  abandon(): void;
}

class CallFailed extends Error {}
class CallAbandoned extends Error {}

/** Spares what fails most of the time its calls, and the callers the wait, for ten seconds at a time. */
export class CircuitBreaker {
  readonly #policy = circuitBreaker(handleType(CallFailed), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new FailureRate(),
  });
  #openedAt = 0;

  /** @param onChange hears of each `open` and `closed`. */
  constructor(onChange: (state: 'closed' | 'open') => void) {
    this.#policy.onBreak(() => {
      this.#openedAt = Date.now();
      onChange('open');
    });
    this.#policy.onReset(() => onChange('closed'));
  }

  get state(): BreakerState {
    const { state } = this.#policy;
    if (state === CircuitState.Closed) return 'closed';
    return state === CircuitState.Open && this.waitMs > 0 ? 'open' : 'half-open';
  }

  /** A call would be refused. */
  get isRefusing(): boolean {
    return this.state === 'open' || this.#policy.state === CircuitState.HalfOpen;
  }

  /** Milliseconds until a call may be let through again. */
  get waitMs(): number {
    return Math.max(0, this.#openedAt + HALF_OPEN_AFTER_MS - Date.now());
  }

  /** Lets a call through; undefined: it does not. */
  begin(): BreakerCall | undefined {
    if (this.isRefusing) return undefined;
    const isProbe = this.state !== 'closed';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#policy.execute(() => promise).catch(() => undefined);
    const fail = (): void => reject(new CallFailed());
    // What is thrown and not handled would close it.
    return { isProbe, succeed: resolve, fail, abandon: isProbe ? fail : () => reject(new CallAbandoned()) };
  }
}
