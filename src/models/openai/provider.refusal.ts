import type { APIError } from 'openai/error';
import { isNumber, isObject, isString, type JsonObject } from '../../json/json.object.js';
import { fieldsOf } from './provider.answer.js';
import { ProviderFault } from './provider.fault.js';

/** The provider is away or busy. */
export const UNAVAILABLE_STATUS: ReadonlySet<number> = new Set([502, 503, 504, 529]);
/** Statuses that concern the provider, the account or the model's name, and not the request. */
const ELSEWHERE_STATUS = new Set([401, 402, 403, 404, 408, 429]);
/** The account has no money or quota left: waiting does not help. */
const USED_UP = /insufficient_?(quota|balance|credits?|funds)|exceeded_current_quota|billing|credit_balance|arrear/i;
/** Some providers refuse an account, a key or the name of a model with 400. */
const ELSEWHERE_TEXT =
  /credit balance|api key (is )?(not valid|invalid)|(incorrect|invalid) api key|invalid[ _]model(?! ?param)|model identifier is invalid|model_not_found/i;
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
const MIN_DATE_CHARS = 10;
const MAX_HEADER_CHARS = 40;
const MAX_TEXT_CHARS = 10_000;
/** Parts of a refusal that repeat the request. */
const ECHOES = new Set(['input', 'ctx', 'body', 'url', 'raw']);
/** Codes and types are logged; a provider may put anything there. */
const IDENTIFIER = /^[\w.:/-]{1,80}$/;
const REQUEST_ID_HEADERS = ['x-request-id', 'request-id', 'apim-request-id', 'x-ms-request-id'];

export type ApiFailure = APIError<number | undefined, Headers | undefined, object | undefined>;

/** The refusal of a provider for the log. The provider's text stays private: it may repeat the prompt or the key. */
export class ProviderRefusal extends ProviderFault {
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
    super();
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
    if (this.#hasNoRetries || this.isUsedUp) return false;
    return this.status === 408 || this.status === 429 || this.status >= 500;
  }

  /** Another provider may answer: the refusal does not concern the request. */
  get isOfProvider(): boolean {
    if (this.status < 400 || this.status >= 500 || ELSEWHERE_STATUS.has(this.status)) return true;
    return this.isUsedUp || this.says(ELSEWHERE_TEXT);
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

  /** The account has no money or quota left. */
  get isUsedUp(): boolean {
    return USED_UP.test(`${this.code} ${this.type}`);
  }
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

/** A code or a name that may be logged; undefined for anything else. */
export function identifier(value: unknown): string | undefined {
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
