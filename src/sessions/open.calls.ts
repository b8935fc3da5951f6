import { isArrayOf, isNumber, isObjectOf, isString } from '../json/json.object.js';
import { readStoredJson } from '../json/stored.json.js';

/** A tool call that waits for a result of the caller. */
export interface OpenCall {
  readonly call_id: string;
  readonly tool: string;
}

/** The calls with which the last run of a session ended. */
export interface OpenCalls {
  /** The length of the session then: longer, and another run went on without them. */
  readonly until: number;
  /** Epoch milliseconds. */
  readonly since: number;
  readonly calls: readonly OpenCall[];
}

const isOpenCalls = isObjectOf<OpenCalls>({
  until: isNumber,
  since: isNumber,
  calls: isArrayOf(isObjectOf<OpenCall>({ call_id: isString, tool: isString })),
});

/** The columns of a session that tell its open calls. */
interface OpenCallsColumns {
  readonly open_calls: string | null;
  readonly message_count: number;
}

/** The calls that wait for results; undefined without any. Older replicas append turns and leave the column as it is. */
export function openCallsOf(session: OpenCallsColumns): OpenCalls | undefined {
  if (session.open_calls === null) return undefined;
  const open = readStoredJson(session.open_calls, 'sessions.open_calls', isOpenCalls);
  return open.until === session.message_count ? open : undefined;
}
