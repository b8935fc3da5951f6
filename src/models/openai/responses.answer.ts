import { AgentError } from '../../errors/agent.error.js';
import { isObject, isString, type JsonObject } from '../../json/json.object.js';
import type { ModelToolCall } from '../language.model.js';
import { mayBeRounded } from '../tool.arguments.js';
import type { AnswerReader, AnswerReasoning, ProviderAnswer } from './answer.reader.js';
import {
  argumentsText,
  errorOf,
  fieldsOf,
  parseObject,
  requireObject,
  requireString,
  textOfContent,
  usageFrom,
} from './provider.answer.js';
import { BrokenAnswer, brokenAnswerError, contentFilterError, reportedError } from './provider.failure.js';
import type { AnswerHeaders } from './provider.body.js';
import type { ServerEvent } from './provider.stream.js';
import { isReturnable, reasoningOf, StreamedReasoning, toReturned } from './responses.reasoning.js';
import { completedItems, isCall, isCommentary, StreamedItems } from './responses.items.js';

/** Calls that are not functions, and that the provider does not make itself. */
const FOREIGN_CALL = /^(custom_tool|computer|local_shell|apply_patch)_call$|^mcp_approval_request$/;

/** Reads a streamed answer of the Responses API. */
export class ResponsesAnswer implements AnswerReader {
  #response: JsonObject | undefined;
  #isDone = false;
  #text = '';
  readonly #items = new StreamedItems();
  readonly #reasoning = new StreamedReasoning();

  constructor(private readonly headers: AnswerHeaders) {}

  get progress(): AnswerReader['progress'] {
    return this.#isDone || this.#response !== undefined ? 'complete' : 'open';
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
    const event = parseObject(data);
    const type = isString(event.type) ? event.type : name;
    if (type === undefined && isObject(event.error)) throw reportedError(event.error, this.headers);
    return this.#readEvent(type, event);
  }

  finish(): ProviderAnswer {
    if (this.#response === undefined) throw brokenAnswerError();
    const { output, status } = this.#response;
    const streamed = this.#items.list(status === 'incomplete');
    const items = completedItems(Array.isArray(output) ? output.map(requireObject) : [], streamed);
    const answer = answerOf({ ...this.#response, output: items });
    const text = answer.text || textOf(streamed) || this.#text;
    if (text.startsWith(this.#text)) return { ...answer, text, reasoning: this.#reasoning.finish(items) };
    throw new AgentError('model_error', { detail: 'The model provider ended with another text than it had streamed.' });
  }

  #readEvent(type: string | undefined, event: JsonObject): string {
    switch (type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return this.#addText(event, requireString(event.delta));
      case 'response.output_text.done':
      case 'response.refusal.done':
        return this.#endText(event);
      case 'response.output_item.added':
      case 'response.output_item.done':
        this.#items.add(event, type === 'response.output_item.done');
        if (type === 'response.output_item.done') this.#reasoning.end(event);
        return '';
      case 'response.reasoning_summary_text.delta':
      case 'response.reasoning_text.delta':
        this.#reasoning.addDelta(event, type === 'response.reasoning_text.delta' ? 'content' : 'summary');
        return '';
      case 'response.function_call_arguments.delta':
        this.#items.addArguments(event);
        return '';
      case 'response.function_call_arguments.done':
        this.#items.endArguments(event);
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
        return '';
    }
  }

  #addText(event: JsonObject, text: string): string {
    if (!this.#items.addText(event, text)) return '';
    this.#text += text;
    return text;
  }

  /** The rest of a text whose deltas were not all sent. */
  #endText(event: JsonObject): string {
    const whole = event.text ?? event.refusal;
    const before = this.#items.textOf(event);
    if (!isString(whole) || before === undefined || !whole.startsWith(before)) return '';
    return this.#addText(event, whole.slice(before.length));
  }
}

/** Reads a whole answer. @throws AgentError if it is incomplete; TypeError. */
export function readResponse(response: JsonObject, headers: AnswerHeaders): ProviderAnswer {
  if (isObject(response.error)) throw reportedError(response.error, headers);
  return answerOf(response);
}

function answerOf({ status, model, output, usage, incomplete_details: details }: JsonObject): ProviderAnswer {
  const { reason } = fieldsOf(details);
  const cause = new BrokenAnswer(isString(reason) ? reason : String(status));
  if (reason === 'content_filter') throw contentFilterError(cause);
  const isTruncated = status === 'incomplete' && (reason === 'max_output_tokens' || reason === 'max_tokens');
  if (status !== 'completed' && !isTruncated) throw new AgentError('model_error', {}, { cause });
  if (!Array.isArray(output)) throw new TypeError('The provider returned an answer without an output.');
  const items = output.map(requireObject);
  // A call that nobody makes would look like an answer without calls.
  if (items.some(({ type }) => isString(type) && FOREIGN_CALL.test(type)))
    throw new TypeError('The provider returned a tool call of an unknown type.');
  return {
    text: textOf(items),
    toolCalls: items.filter(isCall).map(toCall),
    model: isString(model) && model !== '' ? model : undefined,
    usage: usageFrom(usage, 'input_tokens', 'output_tokens'),
    isTruncated,
    returned: returnedOf(items),
    reasoning: reasoningOf(items),
  };
}

/** The text of the answer. A commentary counts only if the answer has nothing else. */
function textOf(items: readonly JsonObject[]): string {
  const messages = items.filter(({ type }) => type === 'message');
  const finals = messages.filter((item) => !isCommentary(item));
  const hasOnlyCommentary = finals.length === 0 && !items.some(isCall);
  return (hasOnlyCommentary ? messages : finals).map(textOfMessage).join('');
}

/** The data to send back in place of the answer: thoughts and the phases of messages, in order among the calls. */
function returnedOf(items: readonly JsonObject[]): JsonObject | undefined {
  const returned = items.flatMap((item): JsonObject[] => {
    if (isCall(item)) return [{ type: 'call' }];
    if (item.type === 'message') return [{ type: 'message', text: textOfMessage(item), phase: item.phase }];
    return item.type === 'reasoning' && isReturnable(item) ? [toReturned(item)] : [];
  });
  const sent = withoutTrailingThoughts(returned);
  const isPlain = sent.every(({ type, phase }) => type === 'call' || (type === 'message' && !isString(phase)));
  return isPlain ? undefined : { items: sent };
}

/** A thought belongs to what follows it. Alone it is refused. */
function withoutTrailingThoughts(items: readonly JsonObject[]): readonly JsonObject[] {
  const last = items.findLastIndex(({ type, text }) => type === 'call' || (type === 'message' && text !== ''));
  return items.slice(0, last + 1);
}

function textOfMessage({ content }: JsonObject): string {
  if (content === undefined || content === null)
    throw new TypeError('The provider returned a message without content.');
  return textOfContent(content);
}

function toCall({ call_id: callId, name, arguments: given }: JsonObject): ModelToolCall {
  const text = argumentsText(given);
  return {
    callId: isString(callId) ? callId : '',
    name: requireString(name),
    arguments: text,
    ...(isObject(given) && mayBeRounded(text) && { isInexact: true }),
  };
}
