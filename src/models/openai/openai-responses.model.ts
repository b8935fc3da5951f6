import type { JsonObject } from '../../json/json.object.js';
import { AgentError } from '../../errors/agent.error.js';
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
import { fieldsOf, parseObject, requireObject, requireObjects, requireString, usageFrom } from './provider.answer.js';

/** OpenAI's Responses API. The service keeps the conversation: the provider stores nothing. */
export class OpenAIResponsesModel extends OpenAIModel {
  protected readonly path = '/responses';

  protected body(request: ModelRequest, isStreamed: boolean): object {
    const { model, maxOutputTokens } = request;
    return {
      model,
      instructions: request.instructions,
      input: request.messages.flatMap(toItems),
      tools: request.tools.length > 0 ? request.tools.map(toTool) : undefined,
      store: false,
      ...(this.refuses(model, 'temperature') ? {} : { temperature: request.temperature }),
      ...(maxOutputTokens === undefined ? {} : { max_output_tokens: maxOutputTokens }),
      text: request.output && { format: { type: 'json_schema', ...toJsonSchemaFormat(request.output, request) } },
      stream: isStreamed || undefined,
    };
  }

  protected readAnswer(body: string): ProviderAnswer {
    return answerOf(parseObject(body));
  }

  protected reader(): StreamReader {
    return new ResponsesStreamReader();
  }
}

class ResponsesStreamReader implements StreamReader {
  #response: JsonObject | undefined;

  read(data: string): string {
    if (data === '[DONE]') return '';
    const event = parseObject(data);
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

  finish(): ProviderAnswer {
    if (this.#response === undefined) throw truncatedStreamError();
    return answerOf(this.#response);
  }
}

function answerOf({ status, model, output, usage, incomplete_details: details }: JsonObject): ProviderAnswer {
  const { reason } = fieldsOf(details);
  if (reason === 'content_filter') throw contentFilterError();
  const isTruncated = status === 'incomplete' && reason === 'max_output_tokens';
  if (status !== 'completed' && !isTruncated) throw new AgentError('model_error');
  const items = requireObjects(output);
  return {
    text: textOf(items),
    toolCalls: toolCallsOf(items),
    model,
    usage: usageFrom(usage, 'input_tokens', 'output_tokens'),
    isTruncated,
  };
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
