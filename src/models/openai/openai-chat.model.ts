import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionMessageFunctionToolCall,
} from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import type {
  ModelMessage,
  ModelReply,
  ModelRequest,
  ModelTool,
  ModelToolCall,
  ModelUsage,
} from '../language.model.js';
import type { MessagePart } from '../message.parts.js';
import { toCount, truncatedStreamError, filtered, named, OpenAIModel, type StreamReader } from './openai.model.js';
import { AgentError } from '../../errors/agent.error.js';
import { estimateUsage } from '../token.estimate.js';

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
      ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
      ...(this.refuses(model, 'temperature') ? {} : { temperature: request.temperature }),
      ...(maxOutputTokens === undefined ? {} : { [cap]: maxOutputTokens }),
      ...(request.output
        ? { response_format: { type: 'json_schema', json_schema: named(request.output, request) } }
        : {}),
      ...(isStreamed ? { stream: true } : {}),
      ...(isStreamed && !this.refuses(model, 'stream_options') ? { stream_options: { include_usage: true } } : {}),
    };
  }

  protected readReply(body: string, request: ModelRequest): ModelReply {
    const completion: ChatCompletion = JSON.parse(body);
    const choice = completion.choices[0];
    if (choice === undefined) throw truncatedStreamError();
    const { content, refusal, tool_calls: calls } = choice.message;
    return replyOf(request, {
      text: content ?? refusal ?? '',
      toolCalls: (calls ?? []).flatMap((call) => (call.type === 'function' ? [toolCallOf(call)] : [])),
      model: completion.model,
      finishReason: choice.finish_reason,
      usage: completion.usage,
    });
  }

  protected reader(request: ModelRequest): StreamReader {
    return new ChatStreamReader(request);
  }
}

type ToolCallPiece = ChatCompletionChunk.Choice.Delta.ToolCall;

/** The data of an answer, complete or streamed. */
interface Answer {
  text: string;
  toolCalls: readonly ModelToolCall[];
  model: string | undefined;
  finishReason: string | null;
  usage: CompletionUsage | null | undefined;
}

class ChatStreamReader implements StreamReader {
  readonly #answer: Omit<Answer, 'toolCalls'> = { text: '', model: undefined, finishReason: null, usage: undefined };
  /** Keyed by the provider's index, which may be any number: an array would be as long as the largest. */
  readonly #toolCalls = new Map<number, ModelToolCall>();

  constructor(private readonly request: ModelRequest) {}

  read(data: string): string {
    if (data === '[DONE]') return '';
    const chunk: ChatCompletionChunk = JSON.parse(data);
    if ('error' in chunk && chunk.error !== null) throw new AgentError('model_error');
    const answer = this.#answer;
    answer.model = chunk.model;
    answer.usage = chunk.usage ?? answer.usage;
    const choice = chunk.choices[0];
    if (choice === undefined) return '';
    answer.finishReason = choice.finish_reason ?? answer.finishReason;
    for (const piece of choice.delta.tool_calls ?? []) this.#addToolCall(piece);
    const text = choice.delta.content ?? choice.delta.refusal ?? '';
    answer.text += text;
    return text;
  }

  /** The first piece of a call names it. The others continue its arguments. */
  #addToolCall({ index, id, function: { name, arguments: text = '' } = {} }: ToolCallPiece): void {
    if (!Number.isSafeInteger(index)) throw new TypeError('The index of a tool call is not an integer.');
    const begun = this.#toolCalls.get(index);
    this.#toolCalls.set(
      index,
      begun
        ? { ...begun, arguments: begun.arguments + text }
        : { callId: id ?? `call-${index}`, name: name ?? '', arguments: text },
    );
  }

  finish(): ModelReply {
    const inOrder = [...this.#toolCalls].toSorted(([one], [other]) => one - other);
    return replyOf(this.request, { ...this.#answer, toolCalls: inOrder.map(([, call]) => call) });
  }
}

function replyOf(request: ModelRequest, { text, toolCalls, model, finishReason, usage }: Answer): ModelReply {
  // Without a finish reason the answer is incomplete.
  if (!finishReason) throw truncatedStreamError();
  if (finishReason === 'content_filter') throw filtered();
  if (finishReason === 'tool_calls' && toolCalls.length === 0) throw truncatedStreamError();
  return {
    text,
    toolCalls,
    model: model ?? request.model,
    usage: usage ? counted(usage) : estimateUsage(request, text),
    isTruncated: finishReason === 'length',
  };
}

function counted(usage: CompletionUsage): ModelUsage {
  return {
    inputTokens: usage.prompt_tokens,
    outputTokens: usage.completion_tokens,
    cachedTokens: toCount(usage.prompt_tokens_details?.cached_tokens),
    reasoningTokens: toCount(usage.completion_tokens_details?.reasoning_tokens),
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

function toolCallOf({ id, function: { name, arguments: text } }: ChatCompletionMessageFunctionToolCall): ModelToolCall {
  return { callId: id, name, arguments: text };
}
