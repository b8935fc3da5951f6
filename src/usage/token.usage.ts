/** The tokens of model calls. */
export interface TokenUsage {
  /** Tokens of the requests, including cached ones. */
  readonly inputTokens: number;
  /** Tokens of the answers, including those of reasoning. */
  readonly outputTokens: number;
  /** Input tokens that the provider read from its cache. Default: 0. */
  readonly cachedTokens?: number;
  /** Output tokens that the model used for reasoning. Default: 0. */
  readonly reasoningTokens?: number;
}

export const NO_USAGE: Required<TokenUsage> = { inputTokens: 0, outputTokens: 0, cachedTokens: 0, reasoningTokens: 0 };

export function sumOf(one: TokenUsage, other: TokenUsage): Required<TokenUsage> {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    cachedTokens: (one.cachedTokens ?? 0) + (other.cachedTokens ?? 0),
    reasoningTokens: (one.reasoningTokens ?? 0) + (other.reasoningTokens ?? 0),
  };
}
