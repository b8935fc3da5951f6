import type { ModelToolCall } from '../../models/language.model.js';
import { isMessageParts, isStoredReasoning, isToolCalls, type StoredReasoning } from '../../models/stored.reply.js';
import { readStoredJson } from '../../json/stored.json.js';
import { DEVELOPER } from '../../runs/loop/transcript.js';
import type { MessageRow } from '../../sessions/message.row.js';
import { callIdOf, reasoningIdOf, textIdOf } from '../item.ids.js';
import type { ReasoningKey } from '../responses/reasoning.seal.js';

/** An item of a conversation, as clients read it. */
export interface ConversationItem {
  readonly id: string;
  readonly type: 'reasoning' | 'message' | 'function_call' | 'function_call_output';
  readonly status: 'completed';
  readonly [field: string]: unknown;
}

/**
 * The items of a stored message, at least one: its reasoning, a text, then its calls.
 *
 * @param key seals the content of reasoning. Default: it is left out.
 */
export function itemsOf(row: MessageRow, key?: ReasoningKey): ConversationItem[] {
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
  const thoughts = reasoningIn(row).map((each) => toReasoning(message_id, each, key));
  const calls = callsIn(row).map(({ callId, name, arguments: text }) =>
    itemOf(callIdOf(message_id, callId), 'function_call', { call_id: callId, name, arguments: text }),
  );
  if (content === '' && calls.length > 0) return [...thoughts, ...calls];
  const text = { type: 'output_text', text: content, annotations: [], logprobs: [] };
  return [...thoughts, itemOf(id, 'message', { role, content: [text] }), ...calls];
}

/** The calls of an answer. */
export function callsIn({ tool_calls }: Pick<MessageRow, 'tool_calls'>): readonly ModelToolCall[] {
  return tool_calls === null ? [] : readStoredJson(tool_calls, 'messages.tool_calls', isToolCalls);
}

/** The reasoning that led to an answer. */
export function reasoningIn({ reasoning }: Pick<MessageRow, 'reasoning'>): readonly StoredReasoning[] {
  return reasoning === null ? [] : readStoredJson(reasoning, 'messages.reasoning', isStoredReasoning);
}

function toReasoning(messageId: string, { part, ...reasoning }: StoredReasoning, key?: ReasoningKey): ConversationItem {
  const { text, providerData } = reasoning;
  const content = providerData && key?.seal({ turn: messageId, reasoning });
  return itemOf(reasoningIdOf(messageId, part), 'reasoning', {
    summary: text === '' ? [] : [{ type: 'summary_text', text }],
    ...(content === undefined ? {} : { encrypted_content: content }),
  });
}

function itemOf(id: string, type: ConversationItem['type'], fields: object): ConversationItem {
  return { id, type, status: 'completed', ...fields };
}

function toPart(part: { readonly type: string; readonly text?: string; readonly url?: string }): object {
  return part.type === 'text'
    ? { type: 'input_text', text: part.text }
    : { type: 'input_image', image_url: part.url, file_id: null, detail: 'auto' };
}
