import type { TraceHeaders } from '../telemetry/spans.js';
import type { RunRequest } from './run.events.js';
import type { RunRow } from './run.row.js';

/** What a task is asked to do, as it stands on its row. */
export interface StoredRequest extends RunRequest {
  /** The trace of who submitted it: it goes on where the task runs. */
  readonly trace?: TraceHeaders | undefined;
}

export function requestOf({ request }: Pick<RunRow, 'request'>): StoredRequest {
  const parsed: StoredRequest = JSON.parse(request ?? '{"message":""}');
  return parsed;
}

export function requestColumn(request: StoredRequest): string {
  return JSON.stringify(request);
}
