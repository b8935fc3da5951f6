import type { Transaction } from 'kysely';
import type { ModelToolCall } from '../../models/language.model.js';
import { estimateTokens } from '../../models/token.estimate.js';
import type { MessageRow } from '../../sessions/message.row.js';
import { openCallsOf } from '../../sessions/open.calls.js';
import { type SessionRow, setOpenCalls } from '../../sessions/session.query.js';
import { eraseMessages, eraseSummaries } from '../../sessions/turn.deletion.js';
import type { Schema } from '../../storage/schema.js';
import { digestOf, type ItemKey } from '../item.ids.js';
import { callsIn, reasoningIn } from './conversation.items.js';

const ERASED_RESULT = 'The result was erased.';

/**
 * Deletes an item of a locked session, and the summaries that cover it. A call goes with its result, and a result leaves a
 * mark: models need both. Reasoning goes with the last other item of its message.
 *
 * @returns false if the item is not there.
 */
export async function deleteItem(
  session: SessionRow,
  { messageId, call, part }: ItemKey,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const { tenant, session_id } = session;
  const key = { tenant, session_id };
  const row = await transaction
    .selectFrom('messages')
    .selectAll()
    .where((of) => of.and({ ...key, message_id: messageId }))
    .executeTakeFirst();
  if (row === undefined) return false;
  if (call !== undefined) {
    if (!(await deleteCall(session, row, call, transaction))) return false;
  } else if (part !== undefined) {
    if (!(await deleteReasoning(row, part, transaction))) return false;
  } else if (row.role === 'tool') await setContent(row, ERASED_RESULT, transaction);
  else if (callsIn(row).length > 0) await setContent(row, '', transaction);
  else await eraseMessages(key, [row.position], transaction);
  await eraseSummaries(key, row.position, transaction);
  return true;
}

async function deleteCall(
  session: SessionRow,
  row: MessageRow,
  call: string,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const calls = callsIn(row);
  const deleted = calls.find(({ callId }) => digestOf(callId) === call);
  if (deleted === undefined) return false;
  const { callId } = deleted;
  const left = calls.filter((each) => each !== deleted);
  if (left.length === 0 && row.content === '') await eraseMessages(session, [row.position], transaction);
  else await setCalls(row, left, transaction);
  await deleteResult(row, callId, transaction);
  await closeCall(session, callId, transaction);
  return true;
}

async function deleteReasoning(row: MessageRow, part: number, transaction: Transaction<Schema>): Promise<boolean> {
  const parts = reasoningIn(row);
  const left = parts.filter((each) => each.part !== part);
  if (left.length === parts.length) return false;
  await change(row, { reasoning: left.length === 0 ? null : JSON.stringify(left) }, transaction);
  return true;
}

async function setContent(row: MessageRow, content: string, transaction: Transaction<Schema>): Promise<void> {
  await change(row, { content, parts: null }, transaction);
}

async function setCalls(
  row: MessageRow,
  calls: readonly ModelToolCall[],
  transaction: Transaction<Schema>,
): Promise<void> {
  await change(row, { tool_calls: calls.length === 0 ? null : JSON.stringify(calls) }, transaction);
}

async function change(
  row: MessageRow,
  changed: Partial<Pick<MessageRow, 'content' | 'parts' | 'tool_calls' | 'reasoning'>>,
  transaction: Transaction<Schema>,
): Promise<void> {
  const { tenant, session_id, position, content, tool_calls } = { ...row, ...changed };
  const tokens = estimateTokens(content) + (tool_calls === null ? 0 : estimateTokens(tool_calls));
  await transaction
    .updateTable('messages')
    // The data of the provider have the text, the calls and the reasoning too.
    .set({ ...changed, tokens, provider_data: null })
    .where((of) => of.and({ tenant, session_id, position }))
    .execute();
}

async function deleteResult(
  { tenant, session_id, position }: MessageRow,
  call_id: string,
  transaction: Transaction<Schema>,
): Promise<void> {
  const result = await transaction
    .selectFrom('messages')
    .select('position')
    .where((of) => of.and({ tenant, session_id, role: 'tool', call_id }))
    .where('position', '>', position)
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  if (result) await eraseMessages({ tenant, session_id }, [result.position], transaction);
}

/** No result is awaited for a call that is no longer there. */
async function closeCall(session: SessionRow, callId: string, transaction: Transaction<Schema>): Promise<void> {
  const open = openCallsOf(session);
  if (open === undefined) return;
  const calls = open.calls.filter(({ call_id }) => call_id !== callId);
  await setOpenCalls(session, calls.length === 0 ? undefined : { ...open, calls }, transaction);
}
