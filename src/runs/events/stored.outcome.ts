import {
  isArrayOf,
  isNumber,
  isObject,
  isObjectOf,
  isOptional,
  isString,
  isStringRecord,
} from '../../json/json.object.js';
import { isPendingCalls } from '../request/transcript.messages.js';
import type { RunResponse } from './run.events.js';
import type { ToolCallRecord, RunOutcome, RunUsage } from './run.outcome.js';

export const isRunResponse = isObjectOf<RunResponse>({
  session_id: isString,
  run_id: isString,
  reply: isString,
  tokens_used: isNumber,
  model: isString,
  processing_time_ms: isNumber,
  truncated: isOptional((truncated) => truncated === true),
  pending_calls: isOptional(isPendingCalls),
});

const isRunUsage = isObjectOf<RunUsage>({
  input_tokens: isNumber,
  cached_tokens: isNumber,
  output_tokens: isNumber,
  reasoning_tokens: isNumber,
  total_tokens: isNumber,
  cost: isOptional(isNumber),
});

const isToolCallRecord = isObjectOf<ToolCallRecord>({
  call_id: isString,
  tool: isString,
  arguments: (given) => isString(given) || isObject(given),
  output: isOptional(isString),
  error: isOptional(isString),
  duration_ms: isNumber,
});

const isRunOutcome = isObjectOf<RunOutcome>({
  run_id: isString,
  session_id: isString,
  forked_from: isOptional(isString),
  output: isString,
  // Any JSON value.
  output_parsed: () => true,
  usage: isRunUsage,
  tool_calls: isArrayOf(isToolCallRecord),
  // A newer release has more reasons.
  finish_reason: isString,
  pending_calls: isOptional(isPendingCalls),
  model: isString,
  release: isString,
  processing_time_ms: isNumber,
  metadata: isStringRecord,
});

/** Before version 2 only the response was stored. */
export function isStoredOutcome(value: unknown): value is RunOutcome | RunResponse {
  return isRunOutcome(value) || isRunResponse(value);
}
