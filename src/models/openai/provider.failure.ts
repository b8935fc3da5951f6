import { APIError } from 'openai/error';
import { AgentError, type ErrorDetails } from '../../errors/agent.error.js';
import type { ErrorCode } from '../../errors/error.codes.js';
import { isNumber, isObject, isString, type JsonObject } from '../../json/json.object.js';
import { fieldsOf } from './provider.answer.js';
import type { AnswerHeaders } from './provider.stream.js';

const NETWORK_ERROR_CODES = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);
const UNAVAILABLE_STATUS: ReadonlySet<number> = new Set([502, 503, 504, 529]);
/** Statuses that concern the provider, the account or the model's name, and not the request. */
const ELSEWHERE_STATUS = new Set([401, 402, 403, 404, 408, 429]);
const ELSEWHERE_CODES: ReadonlySet<ErrorCode> = new Set(['model_error', 'model_unavailable', 'model_rate_limited']);

/** The account has no money or quota left: waiting does not help. */
const USED_UP = /insufficient_?(quota|balance|credits?|funds)|exceeded_current_quota|billing|credit_balance|arrear/i;
/** Some providers refuse an account, a key or the name of a model with 400. */
const ELSEWHERE_TEXT =
  /credit balance|api key (is )?(not valid|invalid)|(incorrect|invalid) api key|invalid[ _]model(?! ?param)|model identifier is invalid|model_not_found/i;
/** A too long answer, or a wrong setting: another attempt would fail again. */
const PERMANENT_NETWORK_ERROR = /EXCEEDED|CERT|VERIFY|_INVALID_|WRONG_VERSION|UNSUPPORTED_PROTOCOL/;

/** The status that an error code stands for if it arrives inside a stream, after a head with 200. */
const STATUS_OF_CODE: readonly (readonly [RegExp, number])[] = [
  [/rate.?limit|throttl|too.?many.?requests|insufficient_quota|resource.?exhausted/i, 429],
  [USED_UP, 402],
  [/overloaded|unavailable/i, 503],
  [/timeout|timed.?out/i, 504],
  [/authentication|api.?key|unauthorized/i, 401],
  [/permission|(?<!extra_)forbidden/i, 403],
  [/not.?found/i, 404],
  [
    /invalid_(request|argument|prompt|encrypted)|context_(length|window|size)|content_(filter|policy)|bad.?request|extra_/i,
    400,
  ],
];
const FILTER_CODE =
  /content_?filter|content_?policy|responsibleaipolicy|data_?inspection|invalid_prompt|moderation|sensitive/i;
const FILTER_TEXT = /content management policy|content policy|flagged by moderation|blocked by (the )?content filter/i;
const CONTEXT_TEXT = new RegExp(
  [
    'context[_ ](length|window|size|limit)',
    'maximum context',
    'maximum prompt length',
    '(prompt|input) is too long',
    'too many (input )?tokens',
    'token count .{0,40}exceeds',
    'range of input length',
    '`?inputs`? (tokens \\+ .{0,20}max_new_tokens|must have less than)',
    'reduce the length of the (messages|prompt|input)',
  ].join('|'),
  'i',
);
/** Codes and types are logged; a provider may put anything there. */
const MIN_DATE_CHARS = 10;
const MAX_HEADER_CHARS = 40;
const MAX_TEXT_CHARS = 10_000;
/** Parts of a refusal that repeat the request. */
const ECHOES = new Set(['input', 'ctx', 'body', 'url', 'raw']);
const IDENTIFIER = /^[\w.:/-]{1,80}$/;

type ApiFailure = APIError<number | undefined, Headers | undefined, object | undefined>;

/** The refusal of a provider for the log. The provider's text stays private: it may repeat the prompt or the key. */
export class ProviderRefusal {
  /** The HTTP status, also of an error inside a stream. */
  readonly status: number;
  readonly code: string | undefined;
  readonly type: string | undefined;
  readonly provider_request_id: string | undefined;
  /** The wait that the provider asks for. */
  readonly retry_after_ms: number | undefined;
  readonly #parameter: string;
  readonly #hasNoRetries: boolean;
  readonly #text: string;

  constructor(failure: ApiFailure) {
    const { status, code, type, headers } = failure;
    const error = fieldsOf(failure.error);
    this.code = identifier(code) ?? identifier(error.code) ?? identifier(error.status);
    this.type = identifier(type) ?? identifier(error.type);
    this.status = status ?? statusOf(error);
    this.provider_request_id = REQUEST_ID_HEADERS.map((name) => identifier(headers?.get(name))).find(Boolean);
    this.retry_after_ms = headers ? retryAfterMs(headers) : undefined;
    this.#hasNoRetries = headers?.get('x-should-retry') === 'false';
    this.#parameter = failure.param ?? '';
    this.#text = textsOf(failure.error ?? {})
      .join('\n')
      .slice(0, MAX_TEXT_CHARS);
  }

  /** True if the provider's own text, code or field matches. */
  says(pattern: RegExp): boolean {
    return pattern.test(this.#text);
  }

  /** The parameter that the provider names in a field of its own; empty if it names none. */
  get parameter(): string {
    return this.#parameter;
  }

  /** The same request may succeed later. */
  get isTemporary(): boolean {
    if (this.#hasNoRetries || this.#isUsedUp) return false;
    return this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** Another provider may answer: the refusal does not concern the request. */
  get isOfProvider(): boolean {
    if (this.status < 400 || this.status >= 500 || ELSEWHERE_STATUS.has(this.status)) return true;
    return this.#isUsedUp || this.says(ELSEWHERE_TEXT);
  }

  get isContentFilter(): boolean {
    if (this.status >= 500 || this.status === 429) return false;
    const codes = `${this.code} ${this.type}`;
    return FILTER_CODE.test(codes) || this.says(/ResponsibleAIPolicyViolation/) || this.says(FILTER_TEXT);
  }

  get isContextExceeded(): boolean {
    if (ELSEWHERE_STATUS.has(this.status) || UNAVAILABLE_STATUS.has(this.status)) return false;
    return !/rate.?limit/i.test(`${this.code} ${this.type}`) && this.says(CONTEXT_TEXT);
  }

  get #isUsedUp(): boolean {
    return USED_UP.test(`${this.code} ${this.type}`);
  }
}

const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'apim-request-id', 'x-ms-request-id'];

/** A failure of the connection for the log. */
class NetworkFailure {
  constructor(readonly network_error: string) {}
}

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
  const code = failure instanceof Error && 'code' in failure && isString(failure.code) ? failure.code : undefined;
  if (code === undefined) return new AgentError('model_error', {}, { cause: { network_error: 'unreadable answer' } });
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

/** The status of an error inside a stream: its own, or the one that its code stands for. */
function statusOf({ status, code, type, error }: JsonObject): number {
  const own = [status, code].map(Number).find((number) => number >= 400 && number < 600);
  if (own !== undefined) return own;
  const name = [code, type, status, error].filter(isString).join(' ');
  return STATUS_OF_CODE.find(([pattern]) => pattern.test(name))?.[1] ?? 500;
}

/** The words of the provider itself. Text of the request that it repeats decides nothing. */
function textsOf(value: unknown): string[] {
  if (isString(value)) return [value.replaceAll(/['"]input['"]:.*?(?=['"]loc['"]:|$)/gs, '')];
  if (Array.isArray(value)) {
    const isPath = value.every((part) => isString(part) || isNumber(part));
    return isPath ? [`.${value.join('.')}`] : value.flatMap(textsOf);
  }
  return isObject(value)
    ? Object.entries(value).flatMap(([name, each]) => (ECHOES.has(name) ? [] : textsOf(each)))
    : [];
}

function identifier(value: unknown): string | undefined {
  const text = typeof value === 'number' ? String(value) : value;
  return isString(text) && IDENTIFIER.test(text) ? text : undefined;
}

function retryAfterMs(headers: Headers): number | undefined {
  const milliseconds = Number(headers.get('retry-after-ms') ?? NaN);
  if (milliseconds >= 0) return milliseconds;
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const [, given, unit] = /^([\d.]+) ?(ms|s)?$/.exec(text.slice(0, MAX_HEADER_CHARS).trim().toLowerCase()) ?? [];
  // A date has at least a year: Date.parse also reads "-1".
  const until = text.length < MIN_DATE_CHARS ? NaN : Date.parse(text);
  const waitMs = given === undefined ? until - Date.now() : Number(given) * (unit === 'ms' ? 1 : 1000);
  return Number.isNaN(waitMs) ? undefined : Math.max(0, waitMs);
}
