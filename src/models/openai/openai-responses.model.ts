import type { Response, ResponseStreamEvent, ResponseUsage } from 'openai/resources/responses/responses';
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
  requireString,
  toCount,
  truncatedStreamError,
  filtered,
  named,
  OpenAIModel,
  type StreamReader,
} from './openai.model.js';
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
      ...(request.output ? { text: { format: { type: 'json_schema', ...named(request.output, request) } } } : {}),
      ...(isStreamed ? { stream: true } : {}),
    };
  }

  protected readReply(body: string, request: ModelRequest): ModelReply {
    const response: Response = JSON.parse(body);
    return reply(request, response);
  }

  protected reader(request: ModelRequest): StreamReader {
    return new ResponsesStreamReader(request);
  }
}

class ResponsesStreamReader implements StreamReader {
  #response: Response | undefined;

  constructor(private readonly request: ModelRequest) {}

  read(data: string): string {
    if (data === '[DONE]') return '';
    const event: ResponseStreamEvent = JSON.parse(data);
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return event.delta;
      case 'response.completed':
      case 'response.incomplete':
      case 'response.failed':
        this.#response = event.response;
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

function reply(request: ModelRequest, response: Response): ModelReply {
  const reason = response.incomplete_details?.reason;
  if (reason === 'content_filter') throw filtered();
  const isTruncated = response.status === 'incomplete' && reason === 'max_output_tokens';
  if (response.status !== 'completed' && !isTruncated) throw new AgentError('model_error');
  const text = textOf(response);
  return {
    text,
    toolCalls: toolCallsOf(response),
    model: response.model,
    usage: response.usage ? counted(response.usage) : estimateUsage(request, text),
    isTruncated,
  };
}

function counted(usage: ResponseUsage): ModelUsage {
  return {
    inputTokens: usage.input_tokens,
    outputTokens: usage.output_tokens,
    cachedTokens: toCount(usage.input_tokens_details?.cached_tokens),
    reasoningTokens: toCount(usage.output_tokens_details?.reasoning_tokens),
  };
}

function textOf({ output }: Response): string {
  const parts = output.flatMap((item) => (item.type === 'message' ? item.content : []));
  return parts.map((part) => requireString(part.type === 'refusal' ? part.refusal : part.text)).join('');
}

function toolCallsOf({ output }: Response): ModelToolCall[] {
  return output.flatMap((item) =>
    item.type === 'function_call' ? [{ callId: item.call_id, name: item.name, arguments: item.arguments }] : [],
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
  const said = message.content === '' ? [] : [{ role: message.role, content: message.content }];
  if (message.role === 'user') return said;
  const calls = (message.toolCalls ?? []).map(({ callId, name, arguments: text }) => ({
    type: 'function_call',
    call_id: callId,
    name,
    arguments: text,
  }));
  return [...said, ...calls];
}
