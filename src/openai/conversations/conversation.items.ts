import { hash } from 'node:crypto';
import type { ModelToolCall } from '../../models/language.model.js';
import { isMessageParts, isToolCalls } from '../../models/stored.reply.js';
import { readStoredJson } from '../../json/stored.json.js';
import { DEVELOPER } from '../../runs/loop/transcript.js';
import type { MessageRow } from '../../sessions/message.row.js';

const ITEM_ID = /^(msg|fc|fco)_([A-Za-z0-9-]{1,140})(?:_([0-9a-f]{12}))?$/;

/** An item of a conversation, as clients read it. */
export interface ConversationItem {
  readonly id: string;
  readonly type: 'message' | 'function_call' | 'function_call_output';
  readonly status: 'completed';
  readonly [field: string]: unknown;
}

/** The message of an item, and the call in it. */
export interface ItemKey {
  readonly messageId: string;
  /** Its digest. Undefined: the item is the text of the message, or a result. */
  readonly call: string | undefined;
}

/** The key of an item; undefined if the text is not the id of an item. */
export function itemKeyOf(id: string): ItemKey | undefined {
  const [, type, messageId, call] = ITEM_ID.exec(id) ?? [];
  if (messageId === undefined || (type === 'fc') !== (call !== undefined)) return undefined;
  return { messageId, call };
}

/** The items of a stored message, at least one: a text, then its calls. */
export function itemsOf(row: MessageRow): ConversationItem[] {
  const { message_id, role, content, call_id, tool } = row;
  if (role === 'tool') {
    return [itemOf(`fco_${message_id}`, 'function_call_output', { call_id: call_id ?? '', output: content })];
  }
  const id = `msg_${message_id}`;
  if (role === 'user') {
    const parts = row.parts === null ? undefined : readStoredJson(row.parts, 'messages.parts', isMessageParts);
    const texts = [{ type: 'input_text', text: content }];
    return [
      itemOf(id, 'message', { role: tool === DEVELOPER ? 'developer' : role, content: parts?.map(toPart) ?? texts }),
    ];
  }
  const calls = callsIn(row).map(({ callId, name, arguments: text }) =>
    itemOf(`fc_${message_id}_${digestOf(callId)}`, 'function_call', { call_id: callId, name, arguments: text }),
  );
  if (content === '' && calls.length > 0) return calls;
  const text = { type: 'output_text', text: content, annotations: [], logprobs: [] };
  return [itemOf(id, 'message', { role, content: [text] }), ...calls];
}

/** Names a call in the id of its item. Its place would change if a call before it is deleted. */
export function digestOf(callId: string): string {
  return hash('sha256', callId).slice(0, 12);
}

/** The calls of an answer. */
export function callsIn({ tool_calls }: Pick<MessageRow, 'tool_calls'>): readonly ModelToolCall[] {
  return tool_calls === null ? [] : readStoredJson(tool_calls, 'messages.tool_calls', isToolCalls);
}

function itemOf(id: string, type: ConversationItem['type'], fields: object): ConversationItem {
  return { id, type, status: 'completed', ...fields };
}

function toPart(part: { readonly type: string; readonly text?: string; readonly url?: string }): object {
  return part.type === 'text'
    ? { type: 'input_text', text: part.text }
    : { type: 'input_image', image_url: part.url, file_id: null, detail: 'auto' };
}
