import { AgentError } from '../errors/agent.error.js';
import type { ModelCall } from './language.model.js';

const RETRIES = { most: 1, longestWaitMs: 2000 };
/** A shorter time is not divided: neither half would be useful. */
const MIN_SHARE_MS = 1000;
/** The longest delay of a timer. */
const MAX_SHARE_MS = 2 ** 31 - 1;

/** The part of a call's time for one upstream. The rest is left for the next one. */
export interface AttemptDeadline {
  readonly call: ModelCall;
  /** Stops the timer: the answer has begun, or the call has failed. */
  end(): void;
}

/** @param isDivided half of the time is reserved for the next upstream. */
export function attemptDeadline(call: ModelCall, isDivided: boolean): AttemptDeadline {
  const now = performance.now();
  const shareMs = Math.min(MAX_SHARE_MS, (call.deadlineAt - now) / 2);
  if (!isDivided || shareMs < MIN_SHARE_MS) return { call: { ...call, retries: RETRIES }, end: () => undefined };
  const detail = 'The model provider took too long to begin its answer.';
  const late = new AbortController();
  // A model that ignores its signal would keep the process alive.
  const timer = setTimeout(() => late.abort(new AgentError('model_unavailable', { detail })), shareMs).unref();
  const signal = AbortSignal.any([call.signal, late.signal]);
  return { call: { ...call, signal, deadlineAt: now + shareMs, retries: RETRIES }, end: () => clearTimeout(timer) };
}
