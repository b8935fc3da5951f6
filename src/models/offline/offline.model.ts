import { LanguageModel, type ModelEvent, type ModelReply, type ModelRequest } from '../language.model.js';
import type { ProviderOptionNames } from '../openai/provider.hint.js';
import { sampleValue } from './offline.shape.js';
import { matchToolCall } from './offline.tool-call.js';
import { estimateTokens, estimateUsage } from '../token.estimate.js';

const NAME = 'offline';

/**
 * Answers if no provider is set. Its replies are deterministic and labelled, and admit that it understands nothing.
 * It demonstrates requests, sessions, streams and tools on a machine without a key.
 */
export class OfflineModel extends LanguageModel {
  readonly #remedy: string;

  /** @param names the names of the options that choose a provider. Default: those of `AgentModule`. */
  constructor(names?: Pick<ProviderOptionNames, 'apiKey' | 'baseUrl'>) {
    super();
    const { apiKey, baseUrl } = names ?? { apiKey: '`model.apiKey` of AgentModule', baseUrl: '`model.baseUrl`' };
    this.#remedy = `Set ${apiKey}, or ${baseUrl} for a provider of your own, to talk to a real one.`;
  }

  override get provider(): string {
    return NAME;
  }

  /** It samples nothing and reasons about nothing, so these parts change nothing. */
  override supports(): boolean {
    return true;
  }

  nameFor(): string {
    return NAME;
  }

  async reply(request: ModelRequest): Promise<ModelReply> {
    return this.#replyOf(request, this.#wordsFor(request));
  }

  async *stream(request: ModelRequest): AsyncGenerator<ModelEvent> {
    const words = this.#wordsFor(request);
    for (const text of words) yield { type: 'delta', text };
    yield { type: 'reply', reply: this.#replyOf(request, words) };
  }

  /** The words of the answer with trailing spaces, up to the output limit; empty if a tool call comes first. */
  #wordsFor(request: ModelRequest): readonly string[] {
    if (matchToolCall(request)) return [];
    const { maxOutputTokens = Infinity } = request;
    let tokens = 0;
    const words = this.#answer(request).match(/\S+\s*/g) ?? [];
    const end = words.findIndex((word) => (tokens += estimateTokens(word)) > maxOutputTokens);
    return end === -1 ? words : words.slice(0, end);
  }

  #answer({ messages, output }: ModelRequest): string {
    if (output) return JSON.stringify(sampleValue(output));
    const last = messages.at(-1);
    if (last?.role === 'tool') return `[offline model] I called the tool ${last.tool}. It says: ${last.content}`;
    const userTexts = messages.filter(({ role }) => role === 'user').map(({ content }) => content);
    const remembered = userTexts.length > 1 ? `Before that you said: “${userTexts.at(-2)}”. ` : '';
    return (
      `[offline model] You said: “${userTexts.at(-1)}”. ${remembered}` +
      'I am the built-in offline model: I repeat what I am told and cannot understand, answer or look anything up. ' +
      this.#remedy
    );
  }

  #replyOf(request: ModelRequest, words: readonly string[]): ModelReply {
    const text = words.join('');
    const call = matchToolCall(request);
    return {
      text,
      toolCalls: call ? [call] : [],
      model: NAME,
      usage: estimateUsage(request, text),
      isTruncated: call === undefined && text.length < this.#answer(request).length,
    };
  }
}
