/** Errors of a run, from its start to its answer. */
export const OPENAI_RUN_ERRORS = [
  'not_found',
  'payload_too_large',
  'unsupported_media_type',
  'session_busy',
  'run_cancelled',
  'approval_required',
  'guardrail_tripped',
  'token_budget_exhausted',
  'model_error',
  'model_unavailable',
  'overloaded',
  'draining',
  'stopped',
  'agent_timeout',
] as const;
