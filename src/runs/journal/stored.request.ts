import type { CallerAccess } from '../../auth/principal.js';
import { isMessageParts } from '../../models/stored.reply.js';
import {
  isArrayOf,
  isBoolean,
  isNumber,
  isObject,
  isObjectOf,
  isOptional,
  isString,
  isStringRecord,
} from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { TraceHeaders } from '../../telemetry/spans.js';
import type { CallerTool, CallerToolResult } from '../request/caller.tools.js';
import { isTranscript } from '../request/transcript.messages.js';
import type { RunRequest } from '../events/run.events.js';
import type { RunRow } from '../run.row.js';

/** The request of a task, as its row stores it. */
export interface StoredRequest extends Omit<RunRequest, 'continue_after'> {
  /** The trace of the submitter, which the task continues. */
  readonly trace?: TraceHeaders | undefined;
  /** The agents and models that the submitter was allowed to run. Older replicas do not read it. */
  readonly access?: CallerAccess | undefined;
}

const isStrings = isArrayOf(isString);

const isCallerTools = isArrayOf(
  isObjectOf<CallerTool>({
    name: isString,
    description: isOptional(isString),
    parameters: isOptional(isObject),
    strict: isOptional(isBoolean),
  }),
);
const isToolResults = isArrayOf(
  isObjectOf<CallerToolResult>({ call_id: isString, output: isOptional(isString), error: isOptional(isString) }),
);

const isStoredRequest = isObjectOf<StoredRequest>({
  message: isOptional(isString),
  parts: isOptional(isMessageParts),
  session_id: isOptional(isString),
  fork_from: isOptional(isString),
  agent_role: isOptional(isString),
  temperature: isOptional(isNumber),
  output_schema: isOptional(isObject),
  metadata: isOptional(isStringRecord),
  release: isOptional(isString),
  tools: isOptional(isCallerTools),
  tool_results: isOptional(isToolResults),
  abandon_calls: isOptional(isBoolean),
  messages: isOptional(isTranscript),
  store: isOptional(isBoolean),
  instructions: isOptional(isString),
  tool_choice: isOptional((choice) => isString(choice) || isObject(choice)),
  parallel_tool_calls: isOptional(isBoolean),
  max_output_tokens: isOptional(isNumber),
  max_tool_calls: isOptional(isNumber),
  top_p: isOptional(isNumber),
  reasoning_effort: isOptional(isString),
  reasoning_summary: isOptional(isString),
  trace: isOptional(isStringRecord),
  access: isOptional(isObjectOf<CallerAccess>({ agentRoles: isOptional(isStrings), models: isOptional(isStrings) })),
});

export function parseStoredRequest({ request }: Pick<RunRow, 'request'>): StoredRequest {
  return request === null ? { message: '' } : readStoredJson(request, 'runs.request', isStoredRequest);
}

export function serializeRequest(request: StoredRequest): string {
  return JSON.stringify(request);
}
