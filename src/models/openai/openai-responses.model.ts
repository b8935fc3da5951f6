import { isString, type JsonObject } from '../../json/json.object.js';
import type { ModelMessage, ModelTool } from '../language.model.js';
import type { MessagePart } from '../message.parts.js';
import type { AnswerReader, ProviderAnswer } from './answer.reader.js';
import { instructionsWithSchema, OpenAIModel, toJsonSchemaFormat, type WireRequest } from './openai.model.js';
import { fieldsOf, parseObject } from './provider.answer.js';
import type { AnswerHeaders } from './provider.body.js';
import { readResponse, ResponsesAnswer } from './responses.answer.js';

/** OpenAI's Responses API. The service keeps the conversation: the provider stores nothing. */
export class OpenAIResponsesModel extends OpenAIModel {
  protected readonly path = '/responses';

  protected body(request: WireRequest): object {
    const { model, messages, maxOutputTokens, output, isStreamed, accepts } = request;
    const hasFormat = output !== undefined && accepts('response_format');
    const isStrict = (strict = true): boolean | undefined => (accepts('strict') ? strict : undefined);
    return {
      model,
      instructions: output && !hasFormat ? instructionsWithSchema(request) : request.instructions,
      input: messages.flatMap((message) => this.#toItems(message, request)),
      tools: request.tools.length > 0 ? request.tools.map((tool) => toTool(tool, isStrict(tool.isStrict))) : undefined,
      ...(accepts('store') ? { store: false } : {}),
      // Without it, a model that stores nothing forgets its thoughts between the calls of tools.
      ...(accepts('include') ? { include: ['reasoning.encrypted_content'] } : {}),
      ...(accepts('temperature') ? { temperature: request.temperature } : {}),
      ...(maxOutputTokens !== undefined && accepts('max_output_tokens') && { max_output_tokens: maxOutputTokens }),
      ...controlsFor(request),
      text: hasFormat
        ? { format: { type: 'json_schema', ...toJsonSchemaFormat(output, isStrict(request.isOutputStrict)) } }
        : undefined,
      stream: isStreamed || undefined,
    };
  }

  protected readAnswer(body: string, headers: AnswerHeaders): ProviderAnswer {
    return readResponse(parseObject(body), headers);
  }

  protected reader(headers: AnswerHeaders): AnswerReader {
    return new ResponsesAnswer(headers);
  }

  #toItems(message: ModelMessage, request: WireRequest): object[] {
    if (message.role === 'tool') {
      return [{ type: 'function_call_output', call_id: message.callId, output: message.content }];
    }
    if (message.role === 'developer') return [{ role: 'developer', content: message.content }];
    if (message.role === 'user') {
      const detail = request.accepts('detail') ? { detail: 'auto' } : {};
      return [{ role: 'user', content: message.parts?.map((part) => toPart(part, detail)) ?? message.content }];
    }
    const calls = (message.toolCalls ?? []).map(({ callId, name, arguments: text }) => ({
      type: 'function_call',
      call_id: callId,
      name,
      arguments: text,
    }));
    const { items } = this.returnedWith(message, request);
    if (Array.isArray(items)) return returnedItems(items.map(fieldsOf), calls);
    const thoughts = this.reasoningWith(message, request).map(({ item }) => fieldsOf(item));
    const text = message.content.trim() === '' ? [] : [{ role: 'assistant', content: message.content }];
    return [...thoughts, ...text, ...calls];
  }
}

/** The items of an earlier answer in their order: thoughts, messages with their phase, and calls. */
function returnedItems(items: readonly JsonObject[], calls: readonly object[]): object[] {
  const left = [...calls];
  const returned = items.flatMap((item): object[] => {
    if (item.type === 'call') return left.splice(0, 1);
    if (item.type === 'reasoning') return [item];
    if (!isString(item.text) || item.text.trim() === '') return [];
    return [{ role: 'assistant', content: item.text, ...(isString(item.phase) ? { phase: item.phase } : {}) }];
  });
  return [...returned, ...left];
}

/** Providers refuse a choice without tools. */
function controlsFor({ tools, toolChoice, parallelToolCalls, topP, ...request }: WireRequest): object {
  const { reasoningEffort: effort, reasoningSummary, accepts } = request;
  const summary = accepts('reasoning_summary') ? reasoningSummary : undefined;
  const hasTools = tools.length > 0;
  const choice = typeof toolChoice === 'object' ? { type: 'function', ...toolChoice } : toolChoice;
  return {
    tool_choice: hasTools ? choice : undefined,
    parallel_tool_calls: hasTools ? parallelToolCalls : undefined,
    top_p: topP,
    reasoning: effort === undefined && summary === undefined ? undefined : { effort, summary },
  };
}

function toTool({ name, description, parameters }: ModelTool, strict: boolean | undefined): object {
  return { type: 'function', name, description, parameters, strict };
}

function toPart(part: MessagePart, detail: object): object {
  if (part.type === 'text') return { type: 'input_text', text: part.text };
  return { type: 'input_image', image_url: part.url, ...detail };
}
