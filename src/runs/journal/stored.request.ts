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
import type { RunRequest } from '../events/run.events.js';
import type { RunRow } from '../run.row.js';

/** The request of a task, as its row stores it. */
export interface StoredRequest extends RunRequest {
  /** The trace of the submitter, which the task continues. */
  readonly trace?: TraceHeaders | undefined;
  /** The agents and models that the submitter was allowed to run. Older replicas do not read it. */
  readonly access?: CallerAccess | undefined;
}

const isStrings = isArrayOf(isString);

const isStoredRequest = isObjectOf<StoredRequest>({
  message: isString,
  parts: isOptional(isMessageParts),
  session_id: isOptional(isString),
  agent_role: isOptional(isString),
  temperature: isOptional(isNumber),
  output_schema: isOptional(isObject),
  metadata: isOptional(isStringRecord),
  release: isOptional(isString),
  instructions: isOptional(isString),
  tool_choice: isOptional((choice) => isString(choice) || isObject(choice)),
  parallel_tool_calls: isOptional(isBoolean),
  max_output_tokens: isOptional(isNumber),
  max_tool_calls: isOptional(isNumber),
  top_p: isOptional(isNumber),
  reasoning_effort: isOptional(isString),
  trace: isOptional(isStringRecord),
  access: isOptional(isObjectOf<CallerAccess>({ agentRoles: isOptional(isStrings), models: isOptional(isStrings) })),
});

export function parseStoredRequest({ request }: Pick<RunRow, 'request'>): StoredRequest {
  return request === null ? { message: '' } : readStoredJson(request, 'runs.request', isStoredRequest);
}

export function serializeRequest(request: StoredRequest): string {
  return JSON.stringify(request);
}
