import { jsonOrText } from '../../json/json.text.js';
import type { ModelMessage, ModelReply, ModelRequest, ModelToolCall } from '../../models/language.model.js';

/** Formats messages for spans by OpenTelemetry's conventions for generative AI. */

export function instructionsOf({ instructions }: ModelRequest): string {
  return JSON.stringify([textOf(instructions)]);
}

/** Mentions images without their content. */
export function inputOf({ messages }: ModelRequest): string {
  return JSON.stringify(messages.map(messageOf));
}

export function outputOf(reply: ModelReply): string {
  const { text: content, toolCalls = [] } = reply;
  const message = messageOf({ role: 'assistant', content, toolCalls });
  return JSON.stringify([{ ...message, finish_reason: finishOf(reply) }]);
}

/** The finish reason of a reply. */
export function finishOf({ toolCalls = [], isTruncated }: ModelReply): string {
  if (isTruncated) return 'length';
  return toolCalls.length > 0 ? 'tool_call' : 'stop';
}

function messageOf(message: ModelMessage): object {
  const { role, content } = message;
  if (role === 'tool') {
    return { role, parts: [{ type: 'tool_call_response', id: message.callId, response: content }] };
  }
  const calls = role === 'assistant' ? (message.toolCalls ?? []) : [];
  return { role, parts: [...(content === '' ? [] : [textOf(content)]), ...calls.map(callOf)] };
}

function textOf(content: string): object {
  return { type: 'text', content };
}

function callOf({ callId, name, arguments: given }: ModelToolCall): object {
  return { type: 'tool_call', id: callId, name, arguments: jsonOrText(given) };
}
