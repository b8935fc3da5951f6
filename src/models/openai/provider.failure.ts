import { APIError } from 'openai/error';
import { AgentError, type ErrorDetails } from '../../errors/agent.error.js';
import type { ErrorCode } from '../../errors/error.codes.js';
import { isObject, isString } from '../../json/json.object.js';
import { type ApiFailure, identifier, ProviderRefusal, UNAVAILABLE_STATUS } from './provider.refusal.js';
import type { AnswerHeaders } from './provider.body.js';
import { NetworkFailure, UnreadableAnswer } from './provider.fault.js';

const NETWORK_ERROR_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const ELSEWHERE_CODES: ReadonlySet<ErrorCode> = new Set(['model_error', 'model_unavailable', 'model_rate_limited']);

/** A too long answer, or a wrong setting: another attempt would fail again. */
const PERMANENT_NETWORK_ERROR = /EXCEEDED|CERT|VERIFY|_INVALID_|WRONG_VERSION|UNSUPPORTED_PROTOCOL/;

/** An answer that ended too early, or that the provider declares to be broken. */
export class BrokenAnswer {
  readonly finish_reason: string | undefined;

  /** @param finishReason the provider's own; undefined: its stream ended without one. */
  constructor(finishReason?: string) {
    this.finish_reason = finishReason === undefined ? undefined : (identifier(finishReason) ?? 'unknown');
  }
}

/** Whether another provider may answer the same request: the provider is at fault, not the request. */
export function isRetryableElsewhere(failure: unknown): failure is AgentError {
  if (!(failure instanceof AgentError) || !ELSEWHERE_CODES.has(failure.code)) return false;
  const { cause } = failure;
  return !(cause instanceof ProviderRefusal) || cause.isOfProvider;
}

/** Whether the same request may succeed at the same provider. */
export function isRetryable(failure: unknown): failure is AgentError {
  if (!(failure instanceof AgentError) || !ELSEWHERE_CODES.has(failure.code)) return false;
  const { cause } = failure;
  if (cause instanceof NetworkFailure) return !PERMANENT_NETWORK_ERROR.test(cause.network_error);
  if (cause instanceof BrokenAnswer) return cause.finish_reason === undefined;
  // A provider that took too long is better asked later, or another one now.
  return cause instanceof ProviderRefusal && cause.isTemporary && cause.status !== 408;
}

/** Whether the same request may succeed minutes later: the provider is busy or away, or it broke off its answer. */
export function isTemporary(failure: unknown): failure is AgentError {
  if (!(failure instanceof AgentError)) return false;
  const { code, cause } = failure;
  if (cause instanceof BrokenAnswer) return code === 'model_error';
  const isAway = code === 'model_unavailable' || code === 'model_rate_limited';
  if (cause instanceof ProviderRefusal) return ELSEWHERE_CODES.has(code) && cause.isTemporary;
  return isAway || isRetryable(failure);
}

/** The wait that the provider of a failure asks for; undefined: it asks for none. */
export function requestedWaitMs({ cause }: AgentError): number | undefined {
  return cause instanceof ProviderRefusal ? cause.retry_after_ms : undefined;
}

/** Maps a failure of the provider to the error table. Its message goes to neither the answer nor the log. */
export function toAgentError(failure: unknown): AgentError {
  if (failure instanceof AgentError) return failure;
  if (isApiFailure(failure)) return refused(new ProviderRefusal(failure));
  // `instanceof` is false for an error of another context.
  const code = isObject(failure) && isString(failure.code) ? failure.code : undefined;
  if (code === undefined) return new AgentError('model_error', {}, { cause: new UnreadableAnswer() });
  const isUnreachable = NETWORK_ERROR_CODES.has(code);
  return new AgentError(isUnreachable ? 'model_unavailable' : 'model_error', {}, { cause: new NetworkFailure(code) });
}

/** The error that a provider reports inside a stream, or in a body with 200. */
export function reportedError(error: unknown, headers: AnswerHeaders = {}): AgentError {
  const fields = isObject(error) ? error : { message: String(error) };
  return toAgentError(new APIError(undefined, fields, undefined, headersOf(headers)));
}

export function headersOf(headers: AnswerHeaders): Headers {
  return new Headers(Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]));
}

function isApiFailure(failure: unknown): failure is ApiFailure {
  return failure instanceof APIError;
}

function refused(cause: ProviderRefusal): AgentError {
  const { status, retry_after_ms: waitMs } = cause;
  if (cause.isContentFilter) return contentFilterError(cause);
  if (cause.isContextExceeded) return new AgentError('context_length_exceeded', {}, { cause });
  const details: ErrorDetails = waitMs === undefined ? {} : { retryAfterSeconds: waitMs / 1000 };
  if (status === 429) return new AgentError('model_rate_limited', details, { cause });
  if (UNAVAILABLE_STATUS.has(status)) return new AgentError('model_unavailable', details, { cause });
  return new AgentError('model_error', { detail: `The model provider answered ${status}.` }, { cause });
}

/** @param finishReason the provider's own; undefined: its stream ended without one. */
export function brokenAnswerError(finishReason?: string): AgentError {
  const detail = 'The model provider broke off its answer.';
  return new AgentError('model_error', { detail }, { cause: new BrokenAnswer(finishReason) });
}

/** @param cause the refusal of the request; otherwise the filter stopped the answer. */
export function contentFilterError(cause: ProviderRefusal | BrokenAnswer): AgentError {
  return new AgentError('content_filtered', {}, { cause });
}
