import { isMessageParts } from '../../models/stored.reply.js';
import { isNumber, isObject, isObjectOf, isOptional, isString, isStringRecord } from '../../json/json.object.js';
import { readStoredJson } from '../../json/stored.json.js';
import type { TraceHeaders } from '../../telemetry/spans.js';
import type { RunRequest } from '../events/run.events.js';
import type { RunRow } from '../run.row.js';

/** The request of a task, as its row stores it. */
export interface StoredRequest extends RunRequest {
  /** The trace of the submitter, which the task continues. */
  readonly trace?: TraceHeaders | undefined;
}

const isStoredRequest = isObjectOf<StoredRequest>({
  message: isString,
  parts: isOptional(isMessageParts),
  session_id: isOptional(isString),
  agent_role: isOptional(isString),
  temperature: isOptional(isNumber),
  output_schema: isOptional(isObject),
  metadata: isOptional(isStringRecord),
  release: isOptional(isString),
  trace: isOptional(isStringRecord),
});

export function parseStoredRequest({ request }: Pick<RunRow, 'request'>): StoredRequest {
  return request === null ? { message: '' } : readStoredJson(request, 'runs.request', isStoredRequest);
}

export function serializeRequest(request: StoredRequest): string {
  return JSON.stringify(request);
}
