import { causesOf } from './causes.js';
import { ERROR_CODES, type ErrorCode } from './error.codes.js';

const DAY_SECONDS = 86_400;

/** What was wrong with one field of a request. */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}

/** What a failure adds to its entry in the table. */
export interface ErrorDetails {
  /** A sentence for the caller that says what to do; default: the table's. */
  readonly detail?: string;
  /** On `validation_failed` only. */
  readonly errors?: readonly FieldError[];
  /** Seconds until another try makes sense; default 1 where the code is retryable. */
  readonly retryAfterSeconds?: number;
}

/** A failure as it is written to callers and into events: the contract's ErrorResponse. */
export interface ErrorBody {
  readonly error: ErrorCode;
  readonly detail: string | null;
  readonly request_id: string;
  readonly errors?: readonly FieldError[];
}

/**
 * An expected failure, one of the codes of the error table.
 *
 * `message` is safe to show to callers; the `cause` is for the log alone.
 */
export class AgentError extends Error {
  override readonly name: string = 'AgentError';
  readonly errors: readonly FieldError[] | undefined;
  readonly #retryAfterSeconds: number | undefined;

  constructor(
    readonly code: ErrorCode,
    details: ErrorDetails = {},
    options: ErrorOptions = {},
  ) {
    super(details.detail ?? ERROR_CODES[code].detail, options);
    this.errors = details.errors;
    this.#retryAfterSeconds = details.retryAfterSeconds;
  }

  /**
   * Any failure as an AgentError. A failure that a lost database has caused is `storage_unavailable`, any other that is
   * not an AgentError is `internal_error`; both keep it as their cause.
   */
  static from(failure: unknown): AgentError {
    if (failure instanceof AgentError) return failure;
    const isOutage = causesOf(failure).some((cause) => hasCode(cause, 'storage_unavailable'));
    return new AgentError(isOutage ? 'storage_unavailable' : 'internal_error', {}, { cause: failure });
  }

  get status(): number {
    return ERROR_CODES[this.code].status;
  }

  /** Whole seconds for `Retry-After`, a day at most, or undefined where another try would fail alike. */
  get retryAfterSeconds(): number | undefined {
    if (this.#retryAfterSeconds !== undefined)
      return Math.min(DAY_SECONDS, Math.max(1, Math.ceil(this.#retryAfterSeconds)));
    return ERROR_CODES[this.code].isRetryable ? 1 : undefined;
  }

  toBody(requestId: string): ErrorBody {
    const body = { error: this.code, detail: this.message, request_id: requestId };
    return this.errors ? { ...body, errors: this.errors } : body;
  }
}

/** A `validation_failed` about one field. */
export function invalidField(field: string, message: string): AgentError {
  return new AgentError('validation_failed', { detail: message, errors: [{ field, message }] });
}

/** For `catch`: gives undefined for an AgentError of one of those codes, and throws any other failure on. */
export function ignoring(...codes: readonly ErrorCode[]): (failure: unknown) => undefined {
  return (failure) => {
    if (codes.some((code) => hasCode(failure, code))) return undefined;
    throw failure;
  };
}

function hasCode(failure: unknown, code: ErrorCode): boolean {
  return failure instanceof AgentError && failure.code === code;
}
