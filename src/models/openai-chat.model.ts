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
    return replyOf(request, {
      text,
      model: completion.model,
      finishReason: choice.finish_reason,
      usage: completion.usage,
    });
  }

  protected reader(request: ModelRequest): StreamReader {
    return new ChatStreamReader(request);
  }
}

/** What the API says of an answer, whole or streamed. */
interface Answer {
  text: string;
  model: string | undefined;
  finishReason: string | null;
  usage: CompletionUsage | null | undefined;
}

class ChatStreamReader implements StreamReader {
  readonly #answer: Answer = { text: '', model: undefined, finishReason: null, usage: undefined };

  constructor(private readonly request: ModelRequest) {}

  read(data: string): string {
    if (data === '[DONE]') return '';
    const chunk: ChatCompletionChunk = JSON.parse(data);
    if ('error' in chunk) throw new AgentError('model_error');
    const answer = this.#answer;
    answer.model = chunk.model;
    answer.usage = chunk.usage ?? answer.usage;
    const choice = chunk.choices[0];
    if (choice === undefined) return '';
    answer.finishReason = choice.finish_reason ?? answer.finishReason;
    const text = choice.delta.content ?? choice.delta.refusal ?? '';
    answer.text += text;
    return text;
  }

  finish(): ModelReply {
    return replyOf(this.request, this.#answer);
  }
}

function replyOf(request: ModelRequest, { text, model, finishReason, usage }: Answer): ModelReply {
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
