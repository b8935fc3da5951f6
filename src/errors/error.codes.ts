/** How loudly a failure is logged. */
type FailureLevel = 'debug' | 'info' | 'warn' | 'error';

interface ErrorEntry {
  /** The HTTP status of the answer; 499 is only ever logged. */
  readonly status: number;
  /** The sentence a caller reads when the place that failed has none of its own. */
  readonly detail: string;
  /** Whether the same request may succeed later; such answers carry `Retry-After`. */
  readonly isRetryable: boolean;
  readonly level: FailureLevel;
}

/** THE table of failures: every error that leaves the service is one of these codes. */
export const ERROR_CODES = {
  malformed_request: { status: 400, detail: 'The request could not be read.', isRetryable: false, level: 'info' },
  unauthenticated: { status: 401, detail: 'Credentials are needed.', isRetryable: false, level: 'info' },
  forbidden: { status: 403, detail: 'This is not allowed.', isRetryable: false, level: 'warn' },
  not_found: { status: 404, detail: 'There is no such route.', isRetryable: false, level: 'info' },
  session_not_found: { status: 404, detail: 'There is no such session.', isRetryable: false, level: 'info' },
  run_not_found: { status: 404, detail: 'There is no such run.', isRetryable: false, level: 'info' },
  task_not_found: { status: 404, detail: 'There is no such task.', isRetryable: false, level: 'info' },
  method_not_allowed: { status: 405, detail: 'This route has no such method.', isRetryable: false, level: 'info' },
  session_busy: { status: 409, detail: 'Another run holds this session.', isRetryable: true, level: 'info' },
  run_cancelled: { status: 409, detail: 'The run was cancelled.', isRetryable: false, level: 'info' },
  idempotency_key_in_use: {
    status: 409,
    detail: 'The first request with this Idempotency-Key is still running.',
    isRetryable: true,
    level: 'info',
  },
  task_already_finished: { status: 409, detail: 'It has finished already.', isRetryable: false, level: 'info' },
  approval_required: {
    status: 409,
    detail: 'A tool of this agent needs an approval, which this call cannot wait for. Use a task or a stream.',
    isRetryable: false,
    level: 'info',
  },
  approval_already_decided: {
    status: 409,
    detail: 'This approval has been decided.',
    isRetryable: false,
    level: 'info',
  },
  payload_too_large: { status: 413, detail: 'The body is too large.', isRetryable: false, level: 'info' },
  unsupported_media_type: {
    status: 415,
    detail: 'The body must be application/json.',
    isRetryable: false,
    level: 'info',
  },
  validation_failed: { status: 422, detail: 'The request is not valid.', isRetryable: false, level: 'info' },
  idempotency_key_reused: {
    status: 422,
    detail: 'This Idempotency-Key was used for another request.',
    isRetryable: false,
    level: 'info',
  },
  guardrail_tripped: { status: 422, detail: 'A guardrail refused it.', isRetryable: false, level: 'info' },
  rate_limited: { status: 429, detail: 'Too many requests.', isRetryable: true, level: 'info' },
  token_budget_exhausted: {
    status: 429,
    detail: 'The budget of this month is used up.',
    isRetryable: true,
    level: 'info',
  },
  client_closed_request: {
    status: 499,
    detail: 'The caller left before the answer.',
    isRetryable: false,
    level: 'info',
  },
  internal_error: {
    status: 500,
    detail: 'Something failed inside the service. Its log has the cause under this request id.',
    isRetryable: false,
    level: 'error',
  },
  model_error: {
    status: 502,
    detail: 'The model provider failed or broke off its answer.',
    isRetryable: false,
    level: 'warn',
  },
  model_output_invalid: {
    status: 502,
    detail: 'The model did not answer in the shape that was asked for.',
    isRetryable: false,
    level: 'warn',
  },
  model_unavailable: {
    status: 503,
    detail: 'The model provider cannot be reached.',
    isRetryable: true,
    level: 'warn',
  },
  model_rate_limited: {
    status: 503,
    detail: 'The model provider asks to slow down.',
    isRetryable: true,
    level: 'warn',
  },
  overloaded: { status: 503, detail: 'Too many runs are under way.', isRetryable: true, level: 'warn' },
  draining: { status: 503, detail: 'The service is shutting down.', isRetryable: true, level: 'info' },
  storage_unavailable: {
    status: 503,
    detail: 'The database is not available. Try again.',
    isRetryable: true,
    level: 'warn',
  },
  run_interrupted: {
    status: 503,
    detail: 'The process that ran it died. Nothing was added to the session.',
    isRetryable: true,
    level: 'warn',
  },
  agent_timeout: {
    status: 504,
    detail: 'The run took longer than its time limit.',
    isRetryable: false,
    level: 'warn',
  },
} as const satisfies Record<string, ErrorEntry>;

/** A stable name of a failure, as `error` in an answer. */
export type ErrorCode = keyof typeof ERROR_CODES;
