import { AgentError } from '../errors/agent.error.js';
import type { ModelCall } from './language.model.js';

const RETRIES = { most: 1, longestWaitMs: 2000 };
/** A shorter time is not divided: neither half would be useful. */
const MIN_SHARE_MS = 1000;
/** The longest delay of a timer. */
const MAX_SHARE_MS = 2 ** 31 - 1;

/** The part of a call's time for one upstream. The rest is left for the next one. */
export class AttemptDeadline {
  readonly call: ModelCall;
  #timer: NodeJS.Timeout | undefined;

  /** @param isDivided half of the time is reserved for the next upstream. */
  constructor(call: ModelCall, isDivided: boolean) {
    const now = performance.now();
    const shareMs = Math.min(MAX_SHARE_MS, (call.deadlineAt - now) / 2);
    if (!isDivided || shareMs < MIN_SHARE_MS) {
      this.call = { ...call, retries: RETRIES };
      return;
    }
    const late = new AbortController();
    // A model that ignores its signal would keep the process alive.
    this.#timer = setTimeout(() => late.abort(tooLate()), shareMs).unref();
    this.call = {
      ...call,
      signal: AbortSignal.any([call.signal, late.signal]),
      deadlineAt: now + shareMs,
      retries: RETRIES,
    };
  }

  /** Stops the timer: the answer has begun, or the call has failed. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

function tooLate(): AgentError {
  return new AgentError('model_unavailable', { detail: 'The model provider took too long to begin its answer.' });
}
