import { isArrayOf, isBoolean, isNumber, isObject, isObjectOf, isOptional, isString } from '../json/json.object.js';
import type { ModelReasoning, ModelReply, ModelToolCall, ModelUsage, ProviderData } from './language.model.js';
import type { MessagePart } from './message.parts.js';

/** Checks of the parts of a conversation that are stored as JSON. Older releases stored fewer optional fields. */

export const isModelUsage = isObjectOf<ModelUsage>({
  inputTokens: isNumber,
  outputTokens: isNumber,
  cachedTokens: isOptional(isNumber),
  reasoningTokens: isOptional(isNumber),
});

export const isToolCalls = isArrayOf(
  isObjectOf<ModelToolCall>({
    callId: isString,
    name: isString,
    arguments: isString,
    isInexact: isOptional(isBoolean),
  }),
);

export const isProviderData = isObjectOf<ProviderData>({ source: isString, data: isObject });

export const isModelReasoning = isObjectOf<ModelReasoning>({
  text: isString,
  providerData: isOptional(isProviderData),
});

export const isReasoningParts = isArrayOf(isModelReasoning);

/** A part of the reasoning of a stored message. */
export interface StoredReasoning extends ModelReasoning {
  /** 0, 1, 2 … It stays if a part before it is deleted. */
  readonly part: number;
}

export const isStoredReasoning = isArrayOf(
  isObjectOf<StoredReasoning>({ part: isNumber, text: isString, providerData: isOptional(isProviderData) }),
);

export const isModelReply = isObjectOf<ModelReply>({
  text: isString,
  toolCalls: isOptional(isToolCalls),
  model: isString,
  usage: isModelUsage,
  isTruncated: isBoolean,
  providerData: isOptional(isProviderData),
  reasoning: isOptional(isReasoningParts),
});

export const isMessageParts = isArrayOf(isMessagePart);

function isMessagePart(value: unknown): value is MessagePart {
  if (!isObject(value)) return false;
  return value.type === 'text' ? isString(value.text) : value.type === 'image_url' && isString(value.url);
}
