import type { Transaction } from 'kysely';
import { estimateTokens } from '../../models/token.estimate.js';
import type { MessageRow } from '../../sessions/message.row.js';
import { openCallsOf } from '../../sessions/open.calls.js';
import type { SessionKey } from '../../sessions/session.key.js';
import type { SessionRow } from '../../sessions/session.query.js';
import { eraseSummaries } from '../../sessions/turn.deletion.js';
import type { Schema } from '../../storage/schema.js';
import { callsIn, digestOf, type ItemKey } from './conversation.items.js';

const ERASED_RESULT = 'The result was erased.';

/**
 * Deletes an item of a locked session, and the summaries that cover it. A call goes with its result, and a result leaves a
 * mark: models need both.
 *
 * @returns false if the item is not there.
 */
export async function deleteItem(
  session: SessionRow,
  { messageId, call }: ItemKey,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const { tenant, session_id } = session;
  const key = { tenant, session_id };
  const row = await transaction
    .selectFrom('messages')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('message_id', '=', messageId)
    .executeTakeFirst();
  if (row === undefined) return false;
  const { position } = row;
  if (call !== undefined) {
    if (!(await deleteCall(session, row, call, transaction))) return false;
  } else if (row.role === 'tool') await setContent(key, position, ERASED_RESULT, transaction);
  else if (callsIn(row).length > 0) await setContent(key, position, '', transaction);
  else await deleteMessage(key, position, transaction);
  await eraseSummaries(key, position, transaction);
  return true;
}

async function deleteCall(
  session: SessionRow,
  row: MessageRow,
  call: string,
  transaction: Transaction<Schema>,
): Promise<boolean> {
  const { position } = row;
  const calls = callsIn(row);
  const deleted = calls.find(({ callId }) => digestOf(callId) === call);
  if (deleted === undefined) return false;
  const { callId } = deleted;
  const left = calls.filter((each) => each !== deleted);
  if (left.length === 0 && row.content === '') await deleteMessage(session, position, transaction);
  else await setCalls(session, position, left.length === 0 ? null : JSON.stringify(left), transaction);
  await deleteResult(session, { position, callId }, transaction);
  await closeCall(session, callId, transaction);
  return true;
}

async function setContent(
  key: SessionKey,
  position: number,
  content: string,
  transaction: Transaction<Schema>,
): Promise<void> {
  await transaction
    .updateTable('messages')
    // The data of the provider has the text too.
    .set({ content, parts: null, provider_data: null, tokens: estimateTokens(content) })
    .where('tenant', '=', key.tenant)
    .where('session_id', '=', key.session_id)
    .where('position', '=', position)
    .execute();
}

async function setCalls(
  key: SessionKey,
  position: number,
  tool_calls: string | null,
  transaction: Transaction<Schema>,
): Promise<void> {
  await transaction
    .updateTable('messages')
    // The data of the provider has the deleted call too.
    .set({ tool_calls, provider_data: null })
    .where('tenant', '=', key.tenant)
    .where('session_id', '=', key.session_id)
    .where('position', '=', position)
    .execute();
}

async function deleteMessage(key: SessionKey, position: number, transaction: Transaction<Schema>): Promise<void> {
  await transaction
    .deleteFrom('messages')
    .where('tenant', '=', key.tenant)
    .where('session_id', '=', key.session_id)
    .where('position', '=', position)
    .execute();
}

async function deleteResult(
  key: SessionKey,
  { position, callId }: { readonly position: number; readonly callId: string },
  transaction: Transaction<Schema>,
): Promise<void> {
  const result = await transaction
    .selectFrom('messages')
    .select('position')
    .where('tenant', '=', key.tenant)
    .where('session_id', '=', key.session_id)
    .where('position', '>', position)
    .where('role', '=', 'tool')
    .where('call_id', '=', callId)
    .orderBy('position')
    .limit(1)
    .executeTakeFirst();
  if (result) await deleteMessage(key, result.position, transaction);
}

/** No result is awaited for a call that is no longer there. */
async function closeCall(session: SessionRow, callId: string, transaction: Transaction<Schema>): Promise<void> {
  const open = openCallsOf(session);
  if (open === undefined) return;
  const calls = open.calls.filter(({ call_id }) => call_id !== callId);
  await transaction
    .updateTable('sessions')
    .set({ open_calls: calls.length === 0 ? null : JSON.stringify({ ...open, calls }) })
    .where('tenant', '=', session.tenant)
    .where('session_id', '=', session.session_id)
    .execute();
}
