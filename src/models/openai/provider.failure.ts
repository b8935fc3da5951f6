import { APIError } from 'openai/error';
import { AgentError } from '../../errors/agent.error.js';
import type { ErrorCode } from '../../errors/error.codes.js';
import { isString } from '../../json/json.object.js';

const NETWORK_ERROR_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const UNAVAILABLE_STATUS: ReadonlySet<number | undefined> = new Set([502, 503, 504, 529]);
const FIRST_BACKOFF_MS = 250;
/** Statuses that concern the provider, the account or the model's name, and not the request. */
const RETRYABLE_STATUS = new Set([401, 402, 403, 404, 408, 429]);
const RETRYABLE_CODES: ReadonlySet<ErrorCode> = new Set(['model_error', 'model_unavailable', 'model_rate_limited']);

/** The refusal of a provider without its message, which may repeat the prompt or the key. */
export class ProviderRefusal {
  readonly status: number | undefined;
  readonly code: string | null | undefined;
  readonly type: string | undefined;
  /** The parameter that the model does not support, if that is the reason. */
  readonly parameter: string | undefined;
  readonly provider_request_id: string | null | undefined;

  constructor({ status, code, type, param, message, requestID }: APIError) {
    this.status = status;
    this.code = code;
    this.type = type;
    const isUnsupported = /unsupported/.test(code ?? '') || /not support|unsupported|unknown param/i.test(message);
    this.parameter = isUnsupported ? (param ?? /temperature|max_tokens|stream_options/.exec(message)?.[0]) : undefined;
    this.provider_request_id = requestID;
  }
}

/** Marks an answer blocked by the provider's content filter. */
export class ContentFilterCause {
  readonly finish_reason = 'content_filter';
}

/** Whether another provider may answer the same request: the provider is at fault, not the request. */
export function isRetryableElsewhere(failure: unknown): failure is AgentError {
  if (!(failure instanceof AgentError) || !RETRYABLE_CODES.has(failure.code)) return false;
  const { cause } = failure;
  if (cause instanceof ContentFilterCause) return false;
  if (!(cause instanceof ProviderRefusal) || cause.status === undefined) return true;
  return cause.status < 400 || cause.status >= 500 || RETRYABLE_STATUS.has(cause.status);
}

/** Milliseconds to wait before a retry; undefined if the same request would fail again. */
export function retryDelayMs(failure: unknown, attempt: number): number | undefined {
  if (isApiError(failure)) {
    const { status } = failure;
    if (failure.code === 'insufficient_quota') return undefined;
    if (status === undefined || (status !== 429 && status < 500)) return undefined;
    return retryAfterMs(failure) ?? backoffMs(attempt);
  }
  // No answer has begun: the connection was refused, reset or timed out.
  return networkCode(failure) === undefined ? undefined : backoffMs(attempt);
}

/** Maps a failure of the provider to the error table. Its message goes to neither the answer nor the log. */
export function toAgentError(failure: unknown): AgentError {
  if (failure instanceof AgentError) return failure;
  if (isApiError(failure)) return refused(failure);
  const code = networkCode(failure);
  const cause = { network_error: code ?? 'unreadable answer' };
  if (code !== undefined && NETWORK_ERROR_CODES.has(code)) return new AgentError('model_unavailable', {}, { cause });
  return new AgentError('model_error', {}, { cause });
}

function isApiError(failure: unknown): failure is APIError {
  return failure instanceof APIError;
}

function refused(failure: APIError): AgentError {
  const { status } = failure;
  const cause = new ProviderRefusal(failure);
  if (status !== 429 && !UNAVAILABLE_STATUS.has(status)) {
    return new AgentError('model_error', { detail: `The model provider answered ${status}.` }, { cause });
  }
  const waitMs = retryAfterMs(failure);
  const details = waitMs === undefined ? {} : { retryAfterSeconds: waitMs / 1000 };
  return new AgentError(status === 429 ? 'model_rate_limited' : 'model_unavailable', details, { cause });
}

function retryAfterMs({ headers }: APIError): number | undefined {
  const milliseconds = Number(headers?.get('retry-after-ms') ?? NaN);
  if (milliseconds >= 0) return milliseconds;
  const text = headers?.get('retry-after');
  if (text === null || text === undefined) return undefined;
  const seconds = Number(text);
  const waitMs = Number.isNaN(seconds) ? Date.parse(text) - Date.now() : seconds * 1000;
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}

/** Doubles with each attempt, minus a jitter of up to a quarter, so that callers do not retry together. */
function backoffMs(attempt: number): number {
  return FIRST_BACKOFF_MS * 2 ** attempt * (1 - Math.random() / 4);
}

function networkCode(failure: unknown): string | undefined {
  return failure instanceof Error && 'code' in failure && isString(failure.code) ? failure.code : undefined;
}
