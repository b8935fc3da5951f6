import type { JsonObject } from '../../json/json.object.js';
import type { ModelMessage, ModelRequest, ModelTool, ModelToolCall } from '../language.model.js';
import type { MessagePart } from '../message.parts.js';
import {
  truncatedStreamError,
  contentFilterError,
  toJsonSchemaFormat,
  OpenAIModel,
  type ProviderAnswer,
  type StreamReader,
} from './openai.model.js';
import { parseObject, requireObject, requireObjects, requireString, usageFrom } from './provider.answer.js';
import { AgentError } from '../../errors/agent.error.js';

/** The Chat Completions API, which most other providers also support: Azure, Ollama, vLLM, llama.cpp. */
export class OpenAIChatModel extends OpenAIModel {
  protected readonly path = '/chat/completions';

  protected body(request: ModelRequest, isStreamed: boolean): object {
    const { model, maxOutputTokens } = request;
    // Newer models refuse `max_tokens`; other providers ignore `max_completion_tokens`.
    const cap = this.refuses(model, 'max_tokens') ? 'max_completion_tokens' : 'max_tokens';
    return {
      model,
      messages: [{ role: 'system', content: request.instructions }, ...request.messages.map(toMessage)],
      tools: request.tools.length > 0 ? request.tools.map(toTool) : undefined,
      ...(this.refuses(model, 'temperature') ? {} : { temperature: request.temperature }),
      ...(maxOutputTokens === undefined ? {} : { [cap]: maxOutputTokens }),
      response_format: request.output && {
        type: 'json_schema',
        json_schema: toJsonSchemaFormat(request.output, request),
      },
      stream: isStreamed || undefined,
      ...(isStreamed && !this.refuses(model, 'stream_options') ? { stream_options: { include_usage: true } } : {}),
    };
  }

  protected readAnswer(body: string): ProviderAnswer {
    const { choices, model, usage } = parseObject(body);
    const [choice] = requireObjects(choices);
    if (choice === undefined) throw truncatedStreamError();
    const { content, refusal, tool_calls: calls } = requireObject(choice.message);
    return answerOf({
      text: requireString(content ?? refusal ?? ''),
      toolCalls: requireObjects(calls ?? []).flatMap((call) => (call.type === 'function' ? [toolCallOf(call)] : [])),
      model,
      finishReason: choice.finish_reason,
      usage,
    });
  }

  protected reader(): StreamReader {
    return new ChatStreamReader();
  }
}

/** The data of an answer, complete or streamed. */
interface ChatAnswer {
  text: string;
  toolCalls: readonly ModelToolCall[];
  model: unknown;
  finishReason: unknown;
  usage: unknown;
}

class ChatStreamReader implements StreamReader {
  readonly #answer: Omit<ChatAnswer, 'toolCalls'> = {
    text: '',
    model: undefined,
    finishReason: null,
    usage: undefined,
  };
  /** Keyed by the provider's index, which may be any number: an array would be as long as the largest. */
  readonly #toolCalls = new Map<number, ModelToolCall>();

  read(data: string): string {
    if (data === '[DONE]') return '';
    const chunk = parseObject(data);
    if ('error' in chunk && chunk.error !== null) throw new AgentError('model_error');
    const answer = this.#answer;
    answer.model = chunk.model;
    answer.usage = chunk.usage ?? answer.usage;
    const [choice] = requireObjects(chunk.choices);
    if (choice === undefined) return '';
    answer.finishReason = choice.finish_reason ?? answer.finishReason;
    const { content, refusal, tool_calls: pieces } = requireObject(choice.delta);
    for (const piece of requireObjects(pieces ?? [])) this.#addToolCall(piece);
    const text = requireString(content ?? refusal ?? '');
    answer.text += text;
    return text;
  }

  /** The first piece of a call names it. The others continue its arguments. */
  #addToolCall({ index, id, function: called = {} }: JsonObject): void {
    if (typeof index !== 'number' || !Number.isSafeInteger(index)) {
      throw new TypeError('The index of a tool call is not an integer.');
    }
    const { name, arguments: given } = requireObject(called);
    const text = requireString(given ?? '');
    const existing = this.#toolCalls.get(index);
    this.#toolCalls.set(
      index,
      existing
        ? { ...existing, arguments: existing.arguments + text }
        : { callId: requireString(id ?? `call-${index}`), name: requireString(name ?? ''), arguments: text },
    );
  }

  finish(): ProviderAnswer {
    const inOrder = [...this.#toolCalls].toSorted(([one], [other]) => one - other);
    return answerOf({ ...this.#answer, toolCalls: inOrder.map(([, call]) => call) });
  }
}

function answerOf({ text, toolCalls, model, finishReason, usage }: ChatAnswer): ProviderAnswer {
  // Without a finish reason the answer is incomplete.
  if (!finishReason) throw truncatedStreamError();
  if (finishReason === 'content_filter') throw contentFilterError();
  if (finishReason === 'tool_calls' && toolCalls.length === 0) throw truncatedStreamError();
  return {
    text,
    toolCalls,
    model,
    usage: usageFrom(usage, 'prompt_tokens', 'completion_tokens'),
    isTruncated: finishReason === 'length',
  };
}

function toTool({ name, description, parameters, isStrict: strict = true }: ModelTool): object {
  return { type: 'function', function: { name, description, parameters, strict } };
}

function toMessage(message: ModelMessage): object {
  if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content };
  if (message.role === 'user') return { role: 'user', content: message.parts?.map(toPart) ?? message.content };
  if (!message.toolCalls?.length) return { role: 'assistant', content: message.content };
  const calls = message.toolCalls.map(({ callId, name, arguments: text }) => ({
    id: callId,
    type: 'function',
    function: { name, arguments: text },
  }));
  return { role: 'assistant', content: message.content || null, tool_calls: calls };
}

function toPart(part: MessagePart): object {
  return part.type === 'text' ? part : { type: 'image_url', image_url: { url: part.url } };
}

function toolCallOf({ id, function: called }: JsonObject): ModelToolCall {
  const { name, arguments: text } = requireObject(called);
  return { callId: requireString(id), name: requireString(name), arguments: requireString(text) };
}
