import { isString, type JsonObject } from '../../json/json.object.js';
import { AgentError } from '../../errors/agent.error.js';
import type {
  ModelMessage,
  ModelReply,
  ModelRequest,
  ModelTool,
  ModelToolCall,
  ModelUsage,
} from '../language.model.js';
import type { MessagePart } from '../message.parts.js';
import {
  truncatedStreamError,
  contentFilterError,
  toJsonSchemaFormat,
  OpenAIModel,
  type StreamReader,
} from './openai.model.js';
import { fieldsOf, readAnswer, requireObject, requireObjects, requireString, usageFrom } from './provider.answer.js';
import { estimateUsage } from '../token.estimate.js';

/** OpenAI's Responses API. The service keeps the conversation: the provider stores nothing. */
export class OpenAIResponsesModel extends OpenAIModel {
  protected readonly path = '/responses';

  protected body(request: ModelRequest, isStreamed: boolean): object {
    const { model, maxOutputTokens } = request;
    return {
      model,
      instructions: request.instructions,
      input: request.messages.flatMap(toItems),
      ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
      store: false,
      ...(this.refuses(model, 'temperature') ? {} : { temperature: request.temperature }),
      ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
      ...(request.output
        ? { text: { format: { type: 'json_schema', ...toJsonSchemaFormat(request.output, request) } } }
        : {}),
      ...(isStreamed ? { stream: true } : {}),
    };
  }

  protected readReply(body: string, request: ModelRequest): ModelReply {
    return reply(request, readAnswer(body));
  }

  protected reader(request: ModelRequest): StreamReader {
    return new ResponsesStreamReader(request);
  }
}

class ResponsesStreamReader implements StreamReader {
  #response: JsonObject | undefined;

  constructor(private readonly request: ModelRequest) {}

  read(data: string): string {
    if (data === '[DONE]') return '';
    const event = readAnswer(data);
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return requireString(event.delta);
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        this.#response = requireObject(event.response);
        return '';
      case 'error':
        throw new AgentError('model_error');
      default:
        return '';
    }
  }

  finish(): ModelReply {
    if (this.#response === undefined) throw truncatedStreamError();
    return reply(this.request, this.#response);
  }
}

function reply(request: ModelRequest, response: JsonObject): ModelReply {
  const { model } = response;
  const { reason } = fieldsOf(response.incomplete_details);
  if (reason === 'content_filter') throw contentFilterError();
  const isTruncated = response.status === 'incomplete' && reason === 'max_output_tokens';
  if (response.status !== 'completed' && !isTruncated) throw new AgentError('model_error');
  const output = requireObjects(response.output);
  const text = textOf(output);
  return {
    text,
    toolCalls: toolCallsOf(output),
    model: isString(model) ? model : request.model,
    usage: counted(fieldsOf(response.usage)) ?? estimateUsage(request, text),
    isTruncated,
  };
}

function counted(usage: JsonObject): ModelUsage | undefined {
  return usageFrom({
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cachedTokens: fieldsOf(usage.input_tokens_details).cached_tokens,
    reasoningTokens: fieldsOf(usage.output_tokens_details).reasoning_tokens,
  });
}

function textOf(output: readonly JsonObject[]): string {
  const parts = output.flatMap(({ type, content }) => (type === 'message' ? requireObjects(content) : []));
  return parts.map((part) => requireString(part.type === 'refusal' ? part.refusal : part.text)).join('');
}

function toolCallsOf(output: readonly JsonObject[]): ModelToolCall[] {
  return output.flatMap(({ type, call_id: callId, name, arguments: text }) =>
    type === 'function_call'
      ? [{ callId: requireString(callId), name: requireString(name), arguments: requireString(text) }]
      : [],
  );
}

function toTool({ name, description, parameters, isStrict: strict = true }: ModelTool): object {
  return { type: 'function', name, description, parameters, strict };
}

function toPart(part: MessagePart): object {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  return { type: 'input_image', image_url: part.url, detail: 'auto' };
}

function toItems(message: ModelMessage): object[] {
  if (message.role === 'tool') {
    return [{ type: 'function_call_output', call_id: message.callId, output: message.content }];
  }
  if (message.role === 'user' && message.parts) return [{ role: 'user', content: message.parts.map(toPart) }];
  const textItems = message.content === '' ? [] : [{ role: message.role, content: message.content }];
  if (message.role === 'user') return textItems;
  const calls = (message.toolCalls ?? []).map(({ callId, name, arguments: text }) => ({
    type: 'function_call',
    call_id: callId,
    name,
    arguments: text,
  }));
  return [...textItems, ...calls];
}
