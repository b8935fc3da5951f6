import { estimateTokenCount, sliceByTokens } from 'tokenx';
import type { ModelRequest, ModelUsage } from './language.model.js';

/** About how many tokens a text has; every provider counts its own way, so windows need no more than this. */
export function estimateTokens(text: string): number {
  return estimateTokenCount(text);
}

/** The beginning of a text, up to about so many tokens. */
export function cutToTokens(text: string, tokens: number): string {
  return sliceByTokens(text, 0, tokens);
}

/** The usage of a call whose provider did not count. */
export function estimateUsage(request: ModelRequest, reply: string): ModelUsage {
  const inputTokens = request.messages.reduce(
    (sum, { content }) => sum + estimateTokens(content),
    estimateTokens(request.instructions),
  );
  return { inputTokens, outputTokens: estimateTokens(reply) };
}
