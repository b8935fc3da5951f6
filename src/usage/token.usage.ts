import type { ModelUsage } from '../models/language.model.js';

/** The tokens of model calls. */
export type TokenUsage = ModelUsage;

export const NO_USAGE: Required<TokenUsage> = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };

export function sumOf(one: TokenUsage, other: TokenUsage): Required<TokenUsage> {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cachedTokens: (one.cachedTokens ?? 0) + (other.cachedTokens ?? 0),
    reasoningTokens: (one.reasoningTokens ?? 0) + (other.reasoningTokens ?? 0),
  };
}
