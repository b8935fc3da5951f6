import { hash } from 'node:crypto';
import type { ModelMessage, ModelToolCall } from './language.model.js';
import { objectText } from './tool.arguments.js';

/** Stands for an answer without text. Several providers refuse a later request with an empty or blank message. */
const NO_ANSWER = '(no answer)';
const NO_RESULT = '(no result)';
const SHORT_ID_CHARS = 9;

/**
 * The conversation in a form that every provider accepts: each call has an id of its own, its arguments are a JSON
 * object, and no message is empty. Equal conversations get equal ids, so that the cache of the provider is not lost.
 */
export function toWire(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  const used = new Set<string>();
  /** The new ids of calls that wait for their result, by the old id. */
  const waiting = new Map<string, string[]>();
  return messages.map((message): ModelMessage => {
    if (message.role === 'user' || message.role === 'developer') return message;
    if (message.role === 'tool') {
      const callId = waiting.get(message.callId)?.shift() ?? message.callId;
      return { ...message, callId, content: message.content.trim() === '' ? NO_RESULT : message.content };
    }
    const { toolCalls = [] } = message;
    if (toolCalls.length === 0) return message.content.trim() === '' ? { ...message, content: NO_ANSWER } : message;
    waiting.clear();
    return { ...message, toolCalls: toolCalls.map((call) => toWireCall(call, used, waiting)) };
  });
}

function toWireCall(call: ModelToolCall, used: Set<string>, waiting: Map<string, string[]>): ModelToolCall {
  const callId = unusedId(call.callId, used);
  used.add(callId);
  waiting.set(call.callId, [...(waiting.get(call.callId) ?? []), callId]);
  return { ...call, callId, arguments: objectText(call.arguments) ?? '{}' };
}

/** Gives each call an id that every provider accepts. Mistral accepts nothing but nine letters and digits. */
export function withShortIds(messages: readonly ModelMessage[]): readonly ModelMessage[] {
  return messages.map((message): ModelMessage => {
    if (message.role === 'tool') return { ...message, callId: shortId(message.callId) };
    if (message.role !== 'assistant' || message.toolCalls === undefined) return message;
    const toolCalls = message.toolCalls.map((call) => ({ ...call, callId: shortId(call.callId) }));
    return { ...message, toolCalls };
  });
}

/** Nine letters and digits, the same for the same id. */
export function shortId(id: string): string {
  return hash('sha256', id, 'base64').replace(/[+/=]/g, '').slice(0, SHORT_ID_CHARS);
}

/** Gives a call an id that no earlier call has. */
export function unusedId(id: string, used: ReadonlySet<string>): string {
  const base = id || 'call';
  for (let count = id === '' ? 1 : 0; ; count++) {
    const candidate = count === 0 ? base : `${base}_${count}`;
    if (!used.has(candidate)) return candidate;
  }
}
