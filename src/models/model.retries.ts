import { setTimeout as sleep } from 'node:timers/promises';
import type { ModelCall } from './language.model.js';
import { isRetryable, requestedWaitMs } from './openai/provider.failure.js';

const RETRIES = { most: 2, longestWaitMs: Infinity };
const FIRST_BACKOFF_MS = 250;

/** The retries of one model call, within its deadline. */
export class ModelRetries {
  #made = 0;

  constructor(private readonly call: ModelCall) {}

  /** Waits before a retry. @throws the failure if a retry is not worth it, or the signal's reason. */
  async waitAfter(failure: unknown): Promise<void> {
    const { signal, deadlineAt, retries = RETRIES } = this.call;
    signal.throwIfAborted();
    if (!isRetryable(failure) || this.#made >= retries.most) throw failure;
    const delayMs = requestedWaitMs(failure) ?? backoffMs(this.#made);
    if (delayMs > retries.longestWaitMs || performance.now() + delayMs >= deadlineAt) throw failure;
    this.#made += 1;
    await sleep(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/** Doubles with each retry, minus a jitter of up to a quarter, so that callers do not retry together. */
function backoffMs(retry: number): number {
  return FIRST_BACKOFF_MS * 2 ** retry * (1 - Math.random() / 4);
}
