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

/** An open call as the model wrote it. */
export interface PendingCall extends OpenCall {
  readonly arguments: string;
}

/** The parts of a stored call that its result and its caller need. */
interface StoredCall {
  readonly callId: string;
  readonly name: string;
  readonly arguments: string;
}

const isStoredCalls = isArrayOf(isObjectOf<StoredCall>({ callId: isString, name: isString, arguments: isString }));

type CallMessage = Pick<MessageRow, 'role' | 'call_id' | 'tool_calls'>;

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
 * The open calls with their arguments.
 *
 * @param newest the last messages of the session, newest first: the model's turn, and results of other calls of it.
 */
export function pendingCalls({ calls }: OpenCalls, newest: readonly CallMessage[]): PendingCall[] {
  const stored = newest.find(({ role }) => role !== 'tool')?.tool_calls ?? null;
  const all = stored === null ? [] : readStoredJson(stored, 'messages.tool_calls', isStoredCalls);
  const texts = new Map(all.map(({ callId, arguments: text }) => [callId, text]));
  return calls.map((call) => ({ ...call, arguments: texts.get(call.call_id) ?? '{}' }));
}

/**
 * The calls without a result at the end of a run.
 *
 * @param newest its messages, newest first.
 */
export function callsLeftOpen(newest: readonly CallMessage[]): OpenCall[] {
  const answer = newest.findIndex(({ role }) => role !== 'tool');
  const stored = newest[answer]?.tool_calls ?? null;
  if (stored === null) return [];
  const answered = new Set(newest.slice(0, answer).map(({ call_id }) => call_id));
  const calls = readStoredJson(stored, 'messages.tool_calls', isStoredCalls);
  return calls
    .filter(({ callId }) => !answered.has(callId))
    .map(({ callId: call_id, name: tool }) => ({ call_id, tool }));
}
