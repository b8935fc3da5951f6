import { isMessageParts } from '../models/stored.reply.js';
import { isNumber, isObject, isOptional, isString, isStringRecord } from '../json/json.object.js';
import { readStoredJson } from '../json/stored.json.js';
import type { TraceHeaders } from '../telemetry/spans.js';
import type { RunRequest } from './events/run.events.js';
import type { RunRow } from './run.row.js';

/** The request of a task, as its row stores it. */
export interface StoredRequest extends RunRequest {
  /** The trace of the submitter, which the task continues. */
  readonly trace?: TraceHeaders | undefined;
}

export function parseStoredRequest({ request }: Pick<RunRow, 'request'>): StoredRequest {
  return request === null ? { message: '' } : readStoredJson(request, 'runs.request', isStoredRequest);
}

export function serializeRequest(request: StoredRequest): string {
  return JSON.stringify(request);
}

function isStoredRequest(value: unknown): value is StoredRequest {
  if (!isObject(value)) return false;
  const { message, parts, session_id, agent_role, temperature, output_schema, metadata, release, trace } = value;
  return (
    isString(message) &&
    isOptional(parts, isMessageParts) &&
    [session_id, agent_role, release].every((each) => isOptional(each, isString)) &&
    isOptional(temperature, isNumber) &&
    isOptional(output_schema, isObject) &&
    isOptional(metadata, isStringRecord) &&
    isOptional(trace, isStringRecord)
  );
}
