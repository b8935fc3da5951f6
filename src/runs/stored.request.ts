import type { TraceHeaders } from '../telemetry/spans.js';
import type { RunRequest } from './events/run.events.js';
import type { RunRow } from './run.row.js';

/** The request of a task, as its row stores it. */
export interface StoredRequest extends RunRequest {
  /** The trace of the submitter, which the task continues. */
  readonly trace?: TraceHeaders | undefined;
}

export function requestOf({ request }: Pick<RunRow, 'request'>): StoredRequest {
  const parsed: StoredRequest = JSON.parse(request ?? '{"message":""}');
  return parsed;
}

export function requestColumn(request: StoredRequest): string {
  return JSON.stringify(request);
}
