import type { ModelToolCall } from '../../models/language.model.js';
import { isMessageParts, isToolCalls } from '../../models/stored.reply.js';
import { readStoredJson } from '../../json/stored.json.js';
import { DEVELOPER } from '../../runs/loop/transcript.js';
import type { MessageRow } from '../../sessions/message.row.js';
import { callIdOf, textIdOf } from '../item.ids.js';

/** An item of a conversation, as clients read it. */
export interface ConversationItem {
  readonly id: string;
  readonly type: 'message' | 'function_call' | 'function_call_output';
  readonly status: 'completed';
  readonly [field: string]: unknown;
}

/** The items of a stored message, at least one: a text, then its calls. */
export function itemsOf(row: MessageRow): ConversationItem[] {
  const { message_id, role, content, call_id, tool } = row;
  if (role === 'tool') {
    return [itemOf(`fco_${message_id}`, 'function_call_output', { call_id: call_id ?? '', output: content })];
  }
  const id = textIdOf(message_id);
  if (role === 'user') {
    const parts = row.parts === null ? undefined : readStoredJson(row.parts, 'messages.parts', isMessageParts);
    const texts = [{ type: 'input_text', text: content }];
    return [
      itemOf(id, 'message', { role: tool === DEVELOPER ? 'developer' : role, content: parts?.map(toPart) ?? texts }),
    ];
  }
  const calls = callsIn(row).map(({ callId, name, arguments: text }) =>
    itemOf(callIdOf(message_id, callId), 'function_call', { call_id: callId, name, arguments: text }),
  );
  if (content === '' && calls.length > 0) return calls;
  const text = { type: 'output_text', text: content, annotations: [], logprobs: [] };
  return [itemOf(id, 'message', { role, content: [text] }), ...calls];
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
