import { estimateTokenCount } from 'tokenx';
import type { ModelRequest, ModelUsage } from './language.model.js';

/** About how many tokens a text has; every provider counts its own way, so windows need no more than this. */
export function estimateTokens(text: string): number {
  return estimateTokenCount(text);
}

/** The usage of a call whose provider did not count. */
export function estimateUsage(request: ModelRequest, reply: string): ModelUsage {
  const inputTokens = request.messages.reduce(
    (sum, { content }) => sum + estimateTokens(content),
    estimateTokens(request.instructions),
  );
  return { inputTokens, outputTokens: estimateTokens(reply) };
}
