import { isArrayOf, isNumber, isObject, isOptional, isString } from '../json/json.object.js';
import type { ModelReply, ModelToolCall, ModelUsage } from './language.model.js';
import type { MessagePart } from './message.parts.js';

/** Checks of the parts of a conversation that are stored as JSON. Older releases stored fewer optional fields. */

export function isModelReply(value: unknown): value is ModelReply {
  if (!isObject(value)) return false;
  const { text, toolCalls, model, usage, isTruncated } = value;
  return (
    isString(text) &&
    isString(model) &&
    typeof isTruncated === 'boolean' &&
    isModelUsage(usage) &&
    isOptional(toolCalls, isToolCalls)
  );
}

export function isModelUsage(value: unknown): value is ModelUsage {
  if (!isObject(value)) return false;
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens } = value;
  return (
    isNumber(inputTokens) &&
    isNumber(outputTokens) &&
    isOptional(cachedTokens, isNumber) &&
    isOptional(reasoningTokens, isNumber)
  );
}

export function isToolCalls(value: unknown): value is ModelToolCall[] {
  return isArrayOf(value, isToolCall);
}

export function isMessageParts(value: unknown): value is MessagePart[] {
  return isArrayOf(value, isMessagePart);
}

function isToolCall(value: unknown): value is ModelToolCall {
  return isObject(value) && isString(value.callId) && isString(value.name) && isString(value.arguments);
}

function isMessagePart(value: unknown): value is MessagePart {
  if (!isObject(value)) return false;
  return value.type === 'text' ? isString(value.text) : value.type === 'image_url' && isString(value.url);
}
