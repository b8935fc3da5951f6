import { AgentError } from '../errors/agent.error.js';
import type { ModelCall } from './language.model.js';

const RETRIES = { most: 1, longestWaitMs: 2000 };
/** Less than this is not divided: neither half would be of use. */
const LEAST_MS = 1000;
/** Timers cannot be set further ahead. */
const LONGEST_MS = 2 ** 31 - 1;

/** The part of a call's time that one upstream gets, so that there is some left for the next. */
export class ModelShare {
  readonly call: ModelCall;
  #timer: NodeJS.Timeout | undefined;

  /** @param isDivided half of the time is to be left over. */
  constructor(call: ModelCall, isDivided: boolean) {
    const now = performance.now();
    const shareMs = Math.min(LONGEST_MS, (call.deadlineAt - now) / 2);
    if (!isDivided || shareMs < LEAST_MS) {
      this.call = { ...call, retries: RETRIES };
      return;
    }
    const late = new AbortController();
    // A model that does not listen would keep the process alive.
    this.#timer = setTimeout(() => late.abort(tooLate()), shareMs).unref();
    this.call = {
      ...call,
      signal: AbortSignal.any([call.signal, late.signal]),
      deadlineAt: now + shareMs,
      retries: RETRIES,
    };
  }

  /** The answer has begun, or will not come: the time is no longer counted. */
  end(): void {
    clearTimeout(this.#timer);
  }
}

function tooLate(): AgentError {
  return new AgentError('model_unavailable', { detail: 'The model provider took too long to begin its answer.' });
}
