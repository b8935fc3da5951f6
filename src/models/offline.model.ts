import {
  LanguageModel,
  type ModelEvent,
  type ModelMessage,
  type ModelReply,
  type ModelRequest,
} from './language.model.js';
import { estimateTokens, estimateUsage } from './token.estimate.js';

const NAME = 'offline';

/**
 * What answers while no provider is set: deterministic, labelled, and honest that it understands nothing.
 * It shows that requests, sessions and streams work, on a machine without a key.
 */
export class OfflineModel extends LanguageModel {
  nameFor(): string {
    return NAME;
  }

  async reply(request: ModelRequest): Promise<ModelReply> {
    const words = wordsFor(request);
    return replyOf(request, words);
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const words = wordsFor(request);
    for (const text of words) yield { type: 'delta', text };
    yield { type: 'reply', reply: replyOf(request, words) };
  }
}

/** The answer in words, each with the space behind it, up to the output limit. */
function wordsFor({ messages, maxOutputTokens = Infinity }: ModelRequest): readonly string[] {
  let tokens = 0;
  const words = answer(messages).match(/\S+\s*/g) ?? [];
  const end = words.findIndex((word) => (tokens += estimateTokens(word)) > maxOutputTokens);
  return end === -1 ? words : words.slice(0, end);
}

function answer(messages: readonly ModelMessage[]): string {
  const said = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
  const remembered = said.length > 1 ? `Before that you said: “${said.at(-2)}”. ` : '';
  return (
    `[offline model] You said: “${said.at(-1)}”. ${remembered}` +
    'I am the built-in offline model: I repeat what I am told and cannot understand, answer or look anything up. ' +
    'Set OPENAI_API_KEY, or OPENAI_BASE_URL for a provider of your own, to talk to a real one.'
  );
}

function replyOf(request: ModelRequest, words: readonly string[]): ModelReply {
  const text = words.join('');
  return {
    text,
    model: NAME,
    usage: estimateUsage(request, text),
    isTruncated: text.length < answer(request.messages).length,
  };
}
