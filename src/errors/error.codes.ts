/** The log level of a failure. */
type FailureLevel = 'debug' | 'info' | 'warn' | 'error';

interface ErrorEntry {
  /** The HTTP status of the response. 499 appears only in logs. */
  readonly status: number;
  /** The default sentence for the caller. */
  readonly detail: string;
  /** Whether the same request may succeed later. Such responses have a `Retry-After` header. */
  readonly isRetryable: boolean;
  readonly level: FailureLevel;
}

/** The error table: every error that the service returns has one of these codes. */
export const ERROR_CODES = {
  malformed_request: { status: 400, detail: 'The request could not be read.', isRetryable: false, level: 'info' },
  unauthenticated: { status: 401, detail: 'Credentials are required.', isRetryable: false, level: 'info' },
  forbidden: { status: 403, detail: 'This request is not allowed.', isRetryable: false, level: 'warn' },
  approval_by_requester: {
    status: 403,
    detail: 'Somebody else than the requester must decide on this tool call.',
    isRetryable: false,
    level: 'info',
  },
  quota_exceeded: {
    status: 403,
    detail: 'The tenant has as many sessions or as much data as it may. Delete some of it.',
    isRetryable: false,
    level: 'info',
  },
  not_found: { status: 404, detail: 'The route or resource does not exist.', isRetryable: false, level: 'info' },
  session_not_found: { status: 404, detail: 'The session does not exist.', isRetryable: false, level: 'info' },
  run_not_found: { status: 404, detail: 'The run does not exist.', isRetryable: false, level: 'info' },
  task_not_found: { status: 404, detail: 'The task does not exist.', isRetryable: false, level: 'info' },
  method_not_allowed: {
    status: 405,
    detail: 'This route does not support the method.',
    isRetryable: false,
    level: 'info',
  },
  session_busy: { status: 409, detail: 'Another run is using this session.', isRetryable: true, level: 'info' },
  run_cancelled: { status: 409, detail: 'The run was cancelled.', isRetryable: false, level: 'info' },
  idempotency_key_in_use: {
    status: 409,
    detail: 'The first request with this Idempotency-Key is still running.',
    isRetryable: true,
    level: 'info',
  },
  answer_not_stored: {
    status: 409,
    detail: 'The first request with this Idempotency-Key has run, but its answer was not stored.',
    isRetryable: false,
    level: 'info',
  },
  task_already_finished: {
    status: 409,
    detail: 'The task or run has already finished.',
    isRetryable: false,
    level: 'info',
  },
  task_not_retryable: {
    status: 409,
    detail: 'Only a task that has failed or was cancelled can be retried. Data of an erasure cannot.',
    isRetryable: false,
    level: 'info',
  },
  approval_required: {
    status: 409,
    detail: 'A tool of this agent needs an approval, but this call cannot wait for one. Use a task or a stream.',
    isRetryable: false,
    level: 'info',
  },
  approval_already_decided: {
    status: 409,
    detail: 'This approval is already decided otherwise, or by another caller.',
    isRetryable: false,
    level: 'info',
  },
  approval_expired: {
    status: 410,
    detail: 'Nobody decided on a tool call of the task in time.',
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
  guardrail_tripped: {
    status: 422,
    detail: 'A guardrail rejected the input or the output.',
    isRetryable: false,
    level: 'info',
  },
  context_length_exceeded: {
    status: 422,
    detail: 'The conversation is longer than the model can read. Shorten the message, or begin a new session.',
    isRetryable: false,
    level: 'info',
  },
  content_filtered: {
    status: 422,
    detail: "The model provider's content filter stopped the request or the answer.",
    isRetryable: false,
    level: 'info',
  },
  tool_results_required: {
    status: 422,
    detail: 'The last run of the session waits for results of the caller. Send them in tool_results.',
    isRetryable: false,
    level: 'info',
  },
  rate_limited: { status: 429, detail: 'Too many requests.', isRetryable: true, level: 'info' },
  token_budget_exhausted: {
    status: 429,
    detail: 'The monthly budget is used up.',
    isRetryable: true,
    level: 'info',
  },
  client_closed_request: {
    status: 499,
    detail: 'The caller disconnected before the answer.',
    isRetryable: false,
    level: 'info',
  },
  internal_error: {
    status: 500,
    detail: 'An internal error occurred. The log of the service has the cause under this request id.',
    isRetryable: false,
    level: 'error',
  },
  model_error: {
    status: 502,
    detail: 'The model provider failed or cut off its answer.',
    isRetryable: false,
    level: 'warn',
  },
  model_output_invalid: {
    status: 502,
    detail: 'The answer of the model does not match the requested schema.',
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
    detail: 'The model provider is rate limiting requests.',
    isRetryable: true,
    level: 'warn',
  },
  overloaded: { status: 503, detail: 'Too many runs are in progress.', isRetryable: true, level: 'warn' },
  stopped: {
    status: 503,
    detail: 'The operator has stopped this agent or tenant.',
    isRetryable: true,
    level: 'info',
  },
  draining: { status: 503, detail: 'The service is shutting down.', isRetryable: true, level: 'info' },
  storage_unavailable: {
    status: 503,
    detail: 'The database is not available. Try again.',
    isRetryable: true,
    level: 'warn',
  },
  identity_unavailable: {
    status: 503,
    detail: 'The identity provider is not available, so tokens cannot be checked. Try again.',
    isRetryable: true,
    level: 'warn',
  },
  run_interrupted: {
    status: 503,
    detail: 'The process of the run died. Nothing was added to the session.',
    isRetryable: true,
    level: 'warn',
  },
  agent_timeout: {
    status: 504,
    detail: 'The run took longer than its time limit.',
    isRetryable: false,
    level: 'warn',
  },
  request_timeout: {
    status: 504,
    detail: 'The request took longer than its time limit. Nothing was changed. Try again.',
    isRetryable: true,
    level: 'warn',
  },
} as const satisfies Record<string, ErrorEntry>;

/** The stable code of a failure: the `error` field of a response. */
export type ErrorCode = keyof typeof ERROR_CODES;
