import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import type { ModelReply, ModelRequest, ModelUsage } from './language.model.js';
import { cutOff, filtered, OpenAIModel, type StreamReader } from './openai.model.js';
import { AgentError } from '../errors/agent.error.js';
import { estimateUsage } from './token.estimate.js';

/** The Chat Completions API, which most other providers speak too: Azure, Ollama, vLLM, llama.cpp. */
export class OpenAIChatModel extends OpenAIModel {
  protected readonly path = '/chat/completions';

  protected body(request: ModelRequest, isStreamed: boolean): object {
    const { model, maxOutputTokens } = request;
    // Newer models refuse the old name of the cap, other providers ignore the new one.
    const cap = this.refuses(model, 'max_tokens') ? 'max_completion_tokens' : 'max_tokens';
    return {
      model,
      messages: [{ role: 'system', content: request.instructions }, ...request.messages],
      ...(this.refuses(model, 'temperature') ? {} : { temperature: request.temperature }),
      ...(maxOutputTokens === undefined ? {} : { [cap]: maxOutputTokens }),
      ...(isStreamed ? { stream: true } : {}),
      ...(isStreamed && !this.refuses(model, 'stream_options') ? { stream_options: { include_usage: true } } : {}),
    };
  }

  protected readReply(body: string, request: ModelRequest): ModelReply {
    const completion: ChatCompletion = JSON.parse(body);
    const choice = completion.choices[0];
    if (choice === undefined) throw cutOff();
    const text = choice.message.content ?? choice.message.refusal ?? '';
    return reply(request, completion.model, text, choice.finish_reason, completion.usage);
  }

  protected reader(request: ModelRequest): StreamReader {
    return new ChatStreamReader(request);
  }
}

class ChatStreamReader implements StreamReader {
  #text = '';
  #model: string | undefined;
  #finishReason: string | null = null;
  #usage: CompletionUsage | null | undefined;

  constructor(private readonly request: ModelRequest) {}

  read(data: string): string {
    if (data === '[DONE]') return '';
    const chunk: ChatCompletionChunk = JSON.parse(data);
    if ('error' in chunk) throw new AgentError('model_error');
    this.#model = chunk.model;
    this.#usage = chunk.usage ?? this.#usage;
    const choice = chunk.choices[0];
    if (choice === undefined) return '';
    this.#finishReason = choice.finish_reason ?? this.#finishReason;
    const text = choice.delta.content ?? choice.delta.refusal ?? '';
    this.#text += text;
    return text;
  }

  finish(): ModelReply {
    return reply(this.request, this.#model, this.#text, this.#finishReason, this.#usage);
  }
}

function reply(
  request: ModelRequest,
  model: string | undefined,
  text: string,
  finishReason: string | null,
  usage: CompletionUsage | null | undefined,
): ModelReply {
  // Without a reason to finish, the answer was cut off on its way.
  if (!finishReason) throw cutOff();
  if (finishReason === 'content_filter') throw filtered();
  return {
    text,
    model: model ?? request.model,
    usage: usage ? counted(usage) : estimateUsage(request, text),
    isTruncated: finishReason === 'length',
  };
}

function counted({ prompt_tokens, completion_tokens }: CompletionUsage): ModelUsage {
  return { inputTokens: prompt_tokens, outputTokens: completion_tokens };
}
