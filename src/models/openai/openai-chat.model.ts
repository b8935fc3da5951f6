import type { JsonObject } from '../../json/json.object.js';
import type { ModelMessage, ModelRequest, ModelTool } from '../language.model.js';
import type { MessagePart } from '../message.parts.js';
import type { AnswerReader, ProviderAnswer } from './answer.reader.js';
import { ChatAnswer } from './chat.answer.js';
import { instructionsWithSchema, OpenAIModel, toJsonSchemaFormat } from './openai.model.js';
import { fieldsOf, parseObject } from './provider.answer.js';
import type { AnswerHeaders } from './provider.stream.js';
import type { OptionalParameter } from './refused.parameters.js';

/** Fields of an earlier answer that go back to the provider that sent them. */
const RETURNED = ['reasoning_content', 'reasoning', 'reasoning_details', 'thinking_blocks', 'extra_content'] as const;

/** The Chat Completions API, which most other providers also support: Azure, Ollama, vLLM, llama.cpp. */
export class OpenAIChatModel extends OpenAIModel {
  protected readonly path = '/chat/completions';

  protected body(request: ModelRequest, messages: readonly ModelMessage[], isStreamed: boolean): object {
    const { model, maxOutputTokens, output } = request;
    const accepts = (parameter: OptionalParameter): boolean => this.accepts(model, parameter);
    // Newer models refuse `max_tokens`; other providers ignore `max_completion_tokens`.
    const cap = accepts('max_tokens') ? 'max_tokens' : 'max_completion_tokens';
    const hasFormat = output !== undefined && accepts('response_format');
    const isStrict = (strict = true): boolean | undefined => (accepts('strict') ? strict : undefined);
    const content = output && !hasFormat ? instructionsWithSchema(request) : request.instructions;
    return {
      model,
      messages: [{ role: 'system', content }, ...messages.map((message) => this.#toMessage(model, message))],
      tools: request.tools.length > 0 ? request.tools.map((tool) => toTool(tool, isStrict(tool.isStrict))) : undefined,
      ...(accepts('temperature') ? { temperature: request.temperature } : {}),
      ...(maxOutputTokens === undefined ? {} : { [cap]: maxOutputTokens }),
      response_format: hasFormat
        ? { type: 'json_schema', json_schema: toJsonSchemaFormat(output, isStrict(request.isOutputStrict)) }
        : undefined,
      stream: isStreamed || undefined,
      ...(isStreamed && accepts('stream_options') ? { stream_options: { include_usage: true } } : {}),
    };
  }

  protected readAnswer(body: string, headers: AnswerHeaders): ProviderAnswer {
    const answer = new ChatAnswer(headers);
    answer.add(parseObject(body), 'message');
    return answer.finish();
  }

  protected reader(headers: AnswerHeaders): AnswerReader {
    return new ChatAnswer(headers);
  }

  #toMessage(model: string, message: ModelMessage): object {
    if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content };
    if (message.role === 'user') return { role: 'user', content: message.parts?.map(toPart) ?? message.content };
    const { message: returned, calls = [] } = this.returnedWith(message);
    const ofMessage = this.#returned(model, fieldsOf(returned));
    if (!message.toolCalls?.length) return { ...ofMessage, role: 'assistant', content: message.content };
    const toolCalls = message.toolCalls.map(({ callId, name, arguments: text }, index) => ({
      ...(Array.isArray(calls) ? this.#returned(model, fieldsOf(calls[index])) : {}),
      id: callId,
      type: 'function',
      function: { name, arguments: text },
    }));
    return { ...ofMessage, role: 'assistant', content: message.content || null, tool_calls: toolCalls };
  }

  /** The fields that the provider expects back, without those that the model refuses. */
  #returned(model: string, fields: JsonObject): JsonObject {
    const refused = RETURNED.filter((name) => !this.accepts(model, name));
    return refused.length === 0
      ? fields
      : Object.fromEntries(Object.entries(fields).filter(([name]) => !refused.some((each) => each === name)));
  }
}

function toTool({ name, description, parameters }: ModelTool, strict: boolean | undefined): object {
  return { type: 'function', function: { name, description, parameters, strict } };
}

function toPart(part: MessagePart): object {
  return part.type === 'text' ? part : { type: 'image_url', image_url: { url: part.url } };
}
