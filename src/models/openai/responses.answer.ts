import { AgentError } from '../../errors/agent.error.js';
import { isNumber, isObject, isString, type JsonObject } from '../../json/json.object.js';
import type { ModelToolCall } from '../language.model.js';
import type { AnswerReader, ProviderAnswer } from './answer.reader.js';
import {
  argumentsText,
  fieldsOf,
  parseObject,
  requireObject,
  requireString,
  textOfContent,
  usageFrom,
} from './provider.answer.js';
import { BrokenAnswer, contentFilterError, reportedError, brokenAnswerError } from './provider.failure.js';
import type { AnswerHeaders, ServerEvent } from './provider.stream.js';

/** Reads a streamed answer of the Responses API. */
export class ResponsesAnswer implements AnswerReader {
  #response: JsonObject | undefined;
  #text = '';
  /** The items as the stream has described them so far, by their place. */
  readonly #items = new Map<unknown, JsonObject>();

  constructor(private readonly headers: AnswerHeaders) {}

  get progress(): AnswerReader['progress'] {
    return this.#response === undefined ? 'open' : 'complete';
  }

  read({ name, data }: ServerEvent): string {
    if (data === '[DONE]') return '';
    const event = parseObject(data);
    switch (isString(event.type) ? event.type : name) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return this.#addText(event);
      case 'response.output_item.added':
      case 'response.output_item.done':
        if (isObject(event.item)) this.#items.set(placeOf(event), event.item);
        return '';
      case 'response.function_call_arguments.done':
        this.#addArguments(event);
        return '';
      case 'response.completed':
      case 'response.done':
        this.#response = { status: 'completed', ...fieldsOf(event.response) };
        return '';
      case 'response.incomplete':
        this.#response = { status: 'incomplete', ...fieldsOf(event.response) };
        return '';
      case 'response.failed':
      case 'response.cancelled':
        throw reportedError(fieldsOf(event.response).error ?? event.error ?? event, this.headers);
      case 'error':
        throw reportedError(event.error ?? event, this.headers);
      default:
        if (event.type === undefined && isObject(event.error)) throw reportedError(event.error, this.headers);
        return '';
    }
  }

  finish(): ProviderAnswer {
    if (this.#response === undefined) throw brokenAnswerError();
    const output = Array.isArray(this.#response.output) ? this.#response.output.map(requireObject) : [];
    const listed = new Set(output.map(({ call_id }) => call_id));
    const seen = [...this.#items.values()];
    // Some providers leave out of their last event what they have streamed.
    const items =
      output.length === 0 ? seen : [...output, ...seen.filter((item) => isCall(item) && !listed.has(item.call_id))];
    const answer = answerOf({ ...this.#response, output: items });
    if (answer.text === '') return { ...answer, text: this.#text };
    if (answer.text.startsWith(this.#text)) return answer;
    throw new AgentError('model_error', { detail: 'The model provider ended with another text than it had streamed.' });
  }

  #addText(event: JsonObject): string {
    if (isCommentary(this.#items.get(placeOf(event)))) return '';
    const delta = requireString(event.delta);
    this.#text += delta;
    return delta;
  }

  #addArguments(event: JsonObject): void {
    const item = this.#items.get(placeOf(event));
    if (item) this.#items.set(placeOf(event), { ...item, arguments: event.arguments ?? item.arguments });
  }
}

/** Reads a whole answer. @throws AgentError if it is incomplete; TypeError. */
export function readResponse(response: JsonObject, headers: AnswerHeaders): ProviderAnswer {
  if (isObject(response.error)) throw reportedError(response.error, headers);
  return answerOf(response);
}

function answerOf({ status, model, output, usage, incomplete_details: details }: JsonObject): ProviderAnswer {
  const { reason } = fieldsOf(details);
  const cause = new BrokenAnswer(`${String(status)} ${isString(reason) ? reason : ''}`.trim().slice(0, 80));
  if (reason === 'content_filter') throw contentFilterError(cause);
  const isTruncated = status === 'incomplete' && (reason === 'max_output_tokens' || reason === 'max_tokens');
  if (status !== 'completed' && !isTruncated) throw new AgentError('model_error', {}, { cause });
  if (!Array.isArray(output)) throw new TypeError('The provider returned an answer without an output.');
  const items = output.map(requireObject);
  const messages = items.filter(({ type }) => type === 'message');
  const finals = messages.filter((item) => !isCommentary(item));
  return {
    text: (finals.length > 0 ? finals : []).map(textOfMessage).join(''),
    toolCalls: items.filter(isCall).map(toCall),
    model: isString(model) && model !== '' ? model : undefined,
    usage: usageFrom(usage, 'input_tokens', 'output_tokens'),
    isTruncated,
    returned: returnedOf(items),
  };
}

/** The data to send back in place of the answer: thoughts and the phases of messages, in order among the calls. */
function returnedOf(items: readonly JsonObject[]): JsonObject | undefined {
  const returned = items.flatMap((item): JsonObject[] => {
    if (isCall(item)) return [{ type: 'call' }];
    if (item.type === 'message') return [{ type: 'message', text: textOfMessage(item), phase: item.phase }];
    const { encrypted_content, content, summary = [] } = item;
    if (item.type !== 'reasoning' || !(encrypted_content || content)) return [];
    return [{ type: 'reasoning', summary, content, encrypted_content }];
  });
  const isPlain = returned.every(({ type, phase }) => type === 'call' || (type === 'message' && !isString(phase)));
  return isPlain ? undefined : { items: returned };
}

function isCall({ type }: JsonObject): boolean {
  return type === 'function_call';
}

/** A message on the way to the answer: a plan, for example. */
function isCommentary(item: JsonObject | undefined): boolean {
  return item?.type === 'message' && item.phase === 'commentary';
}

function textOfMessage({ content }: JsonObject): string {
  if (content === undefined || content === null)
    throw new TypeError('The provider returned a message without content.');
  return textOfContent(content);
}

function toCall({ call_id: callId, name, arguments: text }: JsonObject): ModelToolCall {
  return { callId: isString(callId) ? callId : '', name: requireString(name), arguments: argumentsText(text) };
}

/** Identifies an item of the stream. */
function placeOf({ output_index: index, item_id: id, item }: JsonObject): unknown {
  return isNumber(index) ? index : (id ?? fieldsOf(item).id);
}
