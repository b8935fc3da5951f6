import { setTimeout as sleep } from 'node:timers/promises';
import { withJitter } from '../async/jitter.js';
import { AgentError } from '../errors/agent.error.js';
import type { ModelCall } from './language.model.js';
import { BrokenAnswer, isRetryable, requestedWaitMs, toAgentError } from './openai/provider.failure.js';

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
    const requestedMs = requestedWaitMs(failure);
    const leastMs = requestedMs ?? backoffMs(this.#made);
    const leftMs = deadlineAt - performance.now();
    if (leastMs > retries.longestWaitMs || leastMs >= leftMs) throw failure;
    this.#made += 1;
    const delayMs = requestedMs === undefined ? leastMs : Math.min(withJitter(leastMs), (leastMs + leftMs) / 2);
    await sleep(delayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}

/**
 * Begins an answer, and begins it again after a transient failure, within the deadline. An AgentError is final, unless
 * it says that the answer was cut off.
 *
 * @throws AgentError, or the signal's reason.
 */
export async function withRetries<T>(call: ModelCall, begin: () => Promise<T>): Promise<T> {
  const retries = new ModelRetries(call);
  for (;;) {
    try {
      return await begin();
    } catch (failure) {
      await waitAfter(failure, retries, call);
    }
  }
}

/** Waits before an answer is begun again. @throws as `withRetries` if it is not. */
export async function waitAfter(failure: unknown, retries: ModelRetries, { signal }: ModelCall): Promise<void> {
  signal.throwIfAborted();
  const isCutOff = failure instanceof AgentError && failure.cause instanceof BrokenAnswer;
  if (failure instanceof AgentError && !isCutOff) throw failure;
  await retries.waitAfter(toAgentError(failure));
}

/** Doubles with each retry, minus a jitter of up to a quarter, so that callers do not retry together. */
function backoffMs(retry: number): number {
  return FIRST_BACKOFF_MS * 2 ** retry * (1 - Math.random() / 4);
}
