import { circuitBreaker, CircuitState, handleType } from 'cockatiel';
import { FailureRate } from './failure.rate.js';

const HALF_OPEN_AFTER_MS = 10_000;

/** `open`: calls are refused. `half-open`: one probe call is allowed, and decides. */
export type BreakerState = 'closed' | 'open' | 'half-open';

/** An allowed call. It must report its outcome; the first report counts. */
export interface BreakerCall {
  /** The outcome of this call decides the state of the breaker. */
  readonly isProbe: boolean;
  succeed(): void;
  fail(): void;
  /** Reports an end without an outcome. For a probe that counts as a failure. */
  abandon(): void;
}

class CallFailed extends Error {}
class CallAbandoned extends Error {}

/** Refuses calls for ten seconds at a time while most of them fail, so that callers do not wait. */
export class CircuitBreaker {
  readonly #policy = circuitBreaker(handleType(CallFailed), {
    halfOpenAfter: HALF_OPEN_AFTER_MS,
    breaker: new FailureRate(),
  });
  #openedAt = 0;

  /** @param onChange called on each `open` and `closed`. */
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

  /** The breaker would refuse a call. */
  get isRefusing(): boolean {
    return this.state === 'open' || this.#policy.state === CircuitState.HalfOpen;
  }

  /** Milliseconds until a call may be allowed again. */
  get waitMs(): number {
    return Math.max(0, this.#openedAt + HALF_OPEN_AFTER_MS - Date.now());
  }

  /** Begins a call; undefined if it is refused. */
  begin(): BreakerCall | undefined {
    if (this.isRefusing) return undefined;
    const isProbe = this.state !== 'closed';
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#policy.execute(() => promise).catch(() => undefined);
    const fail = (): void => reject(new CallFailed());
    // An error that the policy does not handle would close the breaker.
    return { isProbe, succeed: resolve, fail, abandon: isProbe ? fail : () => reject(new CallAbandoned()) };
  }
}
