import { estimateTokenCount, sliceByTokens } from 'tokenx';
import type { ModelMessage, ModelRequest, ModelUsage } from './language.model.js';

/** About what an image of the size of a screen costs; a model's own count depends on its pixels, which stay unread. */
const IMAGE_TOKENS = 1000;

/** About how many tokens a text has; every provider counts its own way, so windows need no more than this. */
export function estimateTokens(text: string): number {
  return estimateTokenCount(text);
}

/** About how many tokens what was said has, its images counted flat. */
export function estimateMessage(message: ModelMessage): number {
  const parts = message.role === 'user' ? (message.parts ?? []) : [];
  const images = parts.filter(({ type }) => type === 'image_url').length;
  return estimateTokens(message.content) + images * IMAGE_TOKENS;
}

/** The beginning of a text, up to about so many tokens. */
export function cutToTokens(text: string, tokens: number): string {
  return sliceByTokens(text, 0, tokens);
}

/** The usage of a call whose provider did not count. */
export function estimateUsage(request: ModelRequest, reply: string): ModelUsage {
  const inputTokens = request.messages.reduce(
    (sum, message) => sum + estimateMessage(message),
    estimateTokens(request.instructions),
  );
  return { inputTokens, outputTokens: estimateTokens(reply) };
}
