import { estimateTokenCount, sliceByTokens } from 'tokenx';
import { asciiTokens } from './ascii.tokens.js';
import type { ModelMessage, ModelRequest, ModelUsage } from './language.model.js';

/** Approximate tokens of a screen-sized image. A model's own count depends on the pixels, which are not read. */
const IMAGE_TOKENS = 1000;

/** Approximate tokens of a text. Every provider counts differently, so history windows need no better estimate. */
export function estimateTokens(text: string): number {
  return asciiTokens(text) ?? estimateTokenCount(text);
}

/** Approximate tokens of a message. Each image counts the same. */
export function estimateMessage(message: ModelMessage): number {
  const parts = message.role === 'user' ? (message.parts ?? []) : [];
  const images = parts.filter(({ type }) => type === 'image_url').length;
  return estimateTokens(message.content) + images * IMAGE_TOKENS;
}

/** The beginning of a text, up to about that many tokens. */
export function cutToTokens(text: string, tokens: number): string {
  return sliceByTokens(text, 0, tokens).toWellFormed();
}

/** The estimated usage of a call whose provider did not count tokens. */
export function estimateUsage(request: ModelRequest, reply: string): ModelUsage {
  const inputTokens = request.messages.reduce(
    (sum, message) => sum + estimateMessage(message),
    estimateTokens(request.instructions),
  );
  return { inputTokens, outputTokens: estimateTokens(reply) };
}
