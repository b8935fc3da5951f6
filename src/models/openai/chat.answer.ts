import { isObject, isString, type JsonObject } from '../../json/json.object.js';
import { JsonTemplate } from '../../json/json.template.js';
import { ChatReasoning } from './chat.reasoning.js';
import { ChatToolCalls } from './chat.tool-calls.js';
import type { ModelUsage } from '../language.model.js';
import type { AnswerReader, AnswerReasoning, ProviderAnswer } from './answer.reader.js';
import {
  errorOf,
  fieldsOf,
  parseObject,
  requireObject,
  requireObjects,
  textOfContent,
  usageFrom,
} from './provider.answer.js';
import { BrokenAnswer, contentFilterError, reportedError, brokenAnswerError } from './provider.failure.js';
import type { AnswerHeaders } from './provider.body.js';
import type { ServerEvent } from './provider.stream.js';

/** Finish reasons that mean the same, in lower case. Any other reason is a failure. */
const FINISHED =
  /^(stop|tool_?calls?|tool_use|function_?call|eos|eos_token|end_turn|stop_sequence|complete|completed)$/;
const CUT = /^(length|max_tokens|max_output_tokens|model_length|model_context_window_exceeded)$/;
const FILTERED =
  /^(content_?filter(ed)?|safety|sensitive|recitation|blocklist|prohibited_content|spii|refusal|guardrail_intervened)$/;
const CALLS = /^(tool_?calls?|tool_use|function_?call)$/;
/** The templates of an answer cost at most this many parsed texts more than they save. */
const MAX_LOSS = 5;

/** Reads an answer of Chat Completions, whole or in chunks. */
export class ChatAnswer implements AnswerReader {
  #text = '';
  #model: string | undefined;
  #finishReason: string | undefined;
  #usage: ModelUsage | undefined;
  #hasLateUsage = false;
  #isDone = false;
  #isWhole = false;
  readonly #calls = new ChatToolCalls();
  readonly #reasoning = new ChatReasoning();
  #extraContent: JsonObject | undefined;
  /** The last chunk that had nothing but text. */
  #template: JsonTemplate | undefined;
  /** The texts that templates did not need to parse, less the texts parsed for templates. */
  #saved = 0;

  constructor(private readonly headers: AnswerHeaders) {}

  get progress(): AnswerReader['progress'] {
    if (this.#isDone || this.#hasLateUsage) return 'complete';
    return this.#finishReason === undefined ? 'open' : 'finished';
  }

  get reasoning(): readonly AnswerReasoning[] {
    return this.#reasoning.parts;
  }

  get thinking(): string {
    return this.#reasoning.thinking;
  }

  read({ name, data }: ServerEvent): string {
    if (data.trim() === '[DONE]') {
      this.#isDone = true;
      return '';
    }
    if (name === 'error') throw reportedError(errorOf(data), this.headers);
    const repeated = this.#template?.valueIn(data);
    if (repeated !== undefined) {
      this.#saved++;
      return this.#addText(repeated);
    }
    const chunk = parseObject(data);
    if (chunk.object === 'error') throw reportedError(chunk, this.headers);
    const text = this.add(chunk, 'delta');
    if (text !== '' && this.#saved > -MAX_LOSS && hasOnlyText(chunk)) {
      this.#saved--;
      this.#template = JsonTemplate.of(data, { name: 'content', value: text, read: contentOf }) ?? this.#template;
    }
    return text;
  }

  /** Adds a chunk, or a whole answer. Returns the text that it adds. */
  add(chunk: JsonObject, part: 'delta' | 'message'): string {
    if (chunk.error !== undefined && chunk.error !== null) throw reportedError(chunk.error, this.headers);
    this.#setModel(chunk.model);
    const choice = choiceOf(chunk);
    this.#isWhole = part === 'message';
    const text = choice === undefined ? '' : this.#addChoice(choice);
    const usage = usageFrom(chunk.usage, 'prompt_tokens', 'completion_tokens');
    this.#usage = usage ?? this.#usage;
    // Providers that send usage in each chunk may go on after a finish reason.
    this.#hasLateUsage ||= usage !== undefined && choice === undefined && this.#finishReason !== undefined;
    return text;
  }

  finish(): ProviderAnswer {
    // Without a finish reason the answer is incomplete.
    if (this.#finishReason === undefined) throw brokenAnswerError(this.#isWhole ? 'none' : undefined);
    const finishReason = this.#finishReason.toLowerCase();
    if (FILTERED.test(finishReason)) throw contentFilterError(new BrokenAnswer(finishReason));
    const isTruncated = CUT.test(finishReason);
    const lacksCalls = CALLS.test(finishReason) && this.#calls.isEmpty;
    if (lacksCalls || !(isTruncated || FINISHED.test(finishReason))) throw brokenAnswerError(finishReason);
    this.#reasoning.end();
    return {
      text: this.#text,
      toolCalls: this.#calls.list(isTruncated),
      model: this.#model,
      usage: this.#usage,
      isTruncated,
      returned: this.#returned(),
      reasoning: this.reasoning,
    };
  }

  #setModel(model: unknown): void {
    if (!isString(model) || model === '' || model === this.#model) return;
    this.#model = model;
    this.#template = undefined;
  }

  #addChoice(choice: JsonObject): string {
    const { delta, finish_reason: reason } = choice;
    // A later reason may not hide that the answer was cut or has failed.
    const isKept = this.#finishReason !== undefined && !FINISHED.test(this.#finishReason.toLowerCase());
    if (isString(reason) && reason !== '' && !isKept) this.#finishReason = reason;
    if (this.#isWhole) return this.#addMessage(requireObject(choice.message));
    if (isObject(delta) || !isObject(choice.message)) return this.#addMessage(fieldsOf(delta));
    return this.#addRest(choice.message);
  }

  /** Some providers end with the whole message in place of a delta. */
  #addRest(message: JsonObject): string {
    const content = textOfContent(message.content);
    if (!content.startsWith(this.#text))
      throw new TypeError('The provider ended with another text than it had streamed.');
    const { tool_calls, ...rest } = this.#reasoning.withoutKnown(message);
    const calls = this.#calls.isEmpty ? { tool_calls } : {};
    return this.#addMessage({ ...rest, ...calls, content: content.slice(this.#text.length) });
  }

  #addMessage(message: JsonObject): string {
    for (const piece of requireObjects(message.tool_calls ?? [])) this.#calls.add(piece, this.#isWhole);
    if (isObject(message.function_call)) this.#calls.add({ index: 0, function: message.function_call }, this.#isWhole);
    if (isObject(message.extra_content)) this.#extraContent = message.extra_content;
    this.#reasoning.add(message);
    const content = textOfContent(message.content);
    return this.#addText(content === '' ? textOfContent(message.refusal) : content);
  }

  #addText(text: string): string {
    if (text !== '') this.#reasoning.end();
    this.#text += text;
    return text;
  }

  /** Thoughts belong to the calls that follow from them. Without calls, providers refuse or ignore them. */
  #returned(): JsonObject | undefined {
    const calls = this.#calls.returned();
    const extra = this.#extraContent ? { extra_content: this.#extraContent } : {};
    const message = this.#calls.isEmpty ? extra : { ...this.#reasoning.returned(), ...extra };
    const isPlain = Object.keys(message).length === 0 && calls.every((call) => Object.keys(call).length === 0);
    return isPlain ? undefined : { message, calls };
  }
}

/** Providers may leave out the index, and send further choices that nobody asked for. */
function choiceOf(chunk: JsonObject): JsonObject | undefined {
  return requireObjects(chunk.choices ?? []).find(({ index }) => !index);
}

/** Tells whether a chunk adds text and nothing else. */
function hasOnlyText(chunk: JsonObject): boolean {
  const { delta, finish_reason } = fieldsOf(choiceOf(chunk));
  const others = Object.entries(fieldsOf(delta)).filter(([name]) => name !== 'content' && name !== 'role');
  return [chunk.usage, finish_reason, ...others.map(([, value]) => value)].every(isBlank);
}

function isBlank(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}

function contentOf(chunk: unknown): unknown {
  return fieldsOf(choiceOf(fieldsOf(chunk))?.delta).content;
}
