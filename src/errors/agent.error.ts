import { causesOf } from './causes.js';
import { ERROR_CODES, type ErrorCode } from './error.codes.js';

const DAY_SECONDS = 86_400;

/** The error of one field of a request. */
export interface FieldError {
  /** The path of the field; dots separate nested fields. */
  readonly field: string;
  /** The rule that the field must satisfy. */
  readonly message: string;
}

/** Details that a failure adds to its entry in the error table. */
export interface ErrorDetails {
  /** A sentence that tells the caller what to do. Default: the sentence of the table. */
  readonly detail?: string;
  /** Only for `validation_failed`. */
  readonly errors?: readonly FieldError[];
  /** Seconds until a retry makes sense. Default: 1 if the code is retryable. */
  readonly retryAfterSeconds?: number;
}

/** A failure as callers and events receive it: the ErrorResponse of the API. */
export interface ErrorBody {
  /** The stable error code. */
  readonly error: ErrorCode;
  /** A human-readable explanation. */
  readonly detail: string | null;
  /** The id of the request, as in `X-Request-Id`. */
  readonly request_id: string;
  /** The invalid fields. Only for `validation_failed`. */
  readonly errors?: readonly FieldError[];
}

/**
 * An expected failure with a code of the error table.
 *
 * `message` is safe to show to callers; `cause` is for the log only. Throw it in your own `LanguageModel`,
 * `Authenticator` or agent code. Catch it by its code.
 *
 * @example
 * import { AgentError } from 'rookery';
 *
 * const answer = await runner.run({ message: 'Hello', session_id: 'desk' }).catch((failure: unknown) => {
 *   if (failure instanceof AgentError && failure.code === 'session_busy') return undefined;
 *   throw failure;
 * });
 *
 * throw new AgentError('unauthenticated', { detail: 'Log in first.' });
 */
export class AgentError extends Error {
  /** `AgentError`, or the name of a subclass. */
  override readonly name: string = 'AgentError';
  /** The invalid fields of `validation_failed`; undefined for other codes. */
  readonly errors: readonly FieldError[] | undefined;
  readonly #retryAfterSeconds: number | undefined;

  /**
   * Creates a failure with the status and the sentence of its code.
   *
   * @param options its `cause` appears in the log, never in a response.
   */
  constructor(
    /** The stable code, the `error` field of a response. */
    readonly code: ErrorCode,
    details: ErrorDetails = {},
    options: ErrorOptions = {},
  ) {
    super(details.detail ?? ERROR_CODES[code].detail, options);
    this.errors = details.errors;
    this.#retryAfterSeconds = details.retryAfterSeconds;
  }

  /**
   * Converts any failure to an AgentError. A failure caused by a database outage becomes `storage_unavailable`. Any
   * other failure that is not an AgentError becomes `internal_error`. Both keep the failure as their cause.
   */
  static from(failure: unknown): AgentError {
    if (failure instanceof AgentError) return failure;
    const isOutage = causesOf(failure).some((cause) => hasCode(cause, 'storage_unavailable'));
    return new AgentError(isOutage ? 'storage_unavailable' : 'internal_error', {}, { cause: failure });
  }

  /** The HTTP status of the code, 400–599. */
  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  /** Whole seconds for `Retry-After`, at most one day; undefined if a retry would fail again. */
  get retryAfterSeconds(): number | undefined {
    if (this.#retryAfterSeconds !== undefined)
      return Math.min(DAY_SECONDS, Math.max(1, Math.ceil(this.#retryAfterSeconds)));
    return ERROR_CODES[this.code].isRetryable ? 1 : undefined;
  }

  /** Returns the body of an error response. */
  toBody(requestId: string): ErrorBody {
    const body = { error: this.code, detail: this.message, request_id: requestId };
    return this.errors ? { ...body, errors: this.errors } : body;
  }
}

/** Creates a `validation_failed` error about one field. */
export function invalidField(field: string, message: string): AgentError {
  return new AgentError('validation_failed', { detail: message, errors: [{ field, message }] });
}

/** A handler for `catch`: returns undefined for an AgentError with one of these codes, rethrows any other failure. */
export function ignoreCodes(...codes: readonly ErrorCode[]): (failure: unknown) => undefined {
  return (failure) => {
    if (codes.some((code) => hasCode(failure, code))) return undefined;
    throw failure;
  };
}

function hasCode(failure: unknown, code: ErrorCode): boolean {
  return failure instanceof AgentError && failure.code === code;
}
