import { isArrayOf, isNumber, isObject, isOptional, isString, isStringRecord } from '../../json/json.object.js';
import type { RunResponse } from './run.events.js';
import type { ToolCallRecord, RunOutcome, RunUsage } from './run.outcome.js';

/** Before version 2 only the response was stored. */
export function isStoredOutcome(value: unknown): value is RunOutcome | RunResponse {
  return isRunOutcome(value) || isRunResponse(value);
}

export function isRunResponse(value: unknown): value is RunResponse {
  if (!isObject(value)) return false;
  const { session_id, run_id, reply, tokens_used, model, processing_time_ms, truncated } = value;
  return (
    isString(session_id) &&
    isString(run_id) &&
    isString(reply) &&
    isNumber(tokens_used) &&
    isString(model) &&
    isNumber(processing_time_ms) &&
    (truncated === undefined || truncated === true)
  );
}

function isRunOutcome(value: unknown): value is RunOutcome {
  if (!isObject(value)) return false;
  const { run_id, session_id, output, usage, tool_calls, finish_reason, ...rest } = value;
  return (
    isString(run_id) &&
    isString(session_id) &&
    isString(output) &&
    isRunUsage(usage) &&
    isArrayOf(tool_calls, isToolCallRecord) &&
    // A newer release has more reasons.
    isString(finish_reason) &&
    isString(rest.model) &&
    isString(rest.release) &&
    isNumber(rest.processing_time_ms) &&
    isStringRecord(rest.metadata)
  );
}

function isRunUsage(value: unknown): value is RunUsage {
  if (!isObject(value)) return false;
  const { input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens, cost } = value;
  const counts = [input_tokens, cached_tokens, output_tokens, reasoning_tokens, total_tokens];
  return counts.every(isNumber) && isOptional(cost, isNumber);
}

function isToolCallRecord(value: unknown): value is ToolCallRecord {
  if (!isObject(value)) return false;
  const { call_id, tool, arguments: given, output, error, duration_ms } = value;
  return (
    isString(call_id) &&
    isString(tool) &&
    (isString(given) || isObject(given)) &&
    isOptional(output, isString) &&
    isOptional(error, isString) &&
    isNumber(duration_ms)
  );
}
