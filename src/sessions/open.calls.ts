import { isArrayOf, isNumber, isObjectOf, isString } from '../json/json.object.js';
import { readStoredJson } from '../json/stored.json.js';
import type { MessageRow } from './message.row.js';

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

/** The part of a stored call that its result names. */
interface StoredCall {
  readonly callId: string;
  readonly name: string;
}

const isStoredCalls = isArrayOf(isObjectOf<StoredCall>({ callId: isString, name: isString }));

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

/**
 * The calls without a result at the end of a run.
 *
 * @param newest its messages, newest first.
 */
export function callsLeftOpen(newest: readonly Pick<MessageRow, 'role' | 'call_id' | 'tool_calls'>[]): OpenCall[] {
  const answer = newest.findIndex(({ role }) => role !== 'tool');
  const stored = newest[answer]?.tool_calls ?? null;
  if (stored === null) return [];
  const answered = new Set(newest.slice(0, answer).map(({ call_id }) => call_id));
  const calls = readStoredJson(stored, 'messages.tool_calls', isStoredCalls);
  return calls
    .filter(({ callId }) => !answered.has(callId))
    .map(({ callId: call_id, name: tool }) => ({ call_id, tool }));
}
