import type { ModelMessage, ModelTool } from '../language.model.js';
import type { MessagePart } from '../message.parts.js';
import type { AnswerReader, ProviderAnswer } from './answer.reader.js';
import { ChatAnswer } from './chat.answer.js';
import { returnedFields } from './chat.reasoning.js';
import { instructionsWithSchema, OpenAIModel, toJsonSchemaFormat, type WireRequest } from './openai.model.js';
import { fieldsOf, parseObject } from './provider.answer.js';
import type { AnswerHeaders } from './provider.body.js';

/** The Chat Completions API, which most other providers also support: Azure, Ollama, vLLM, llama.cpp. */
export class OpenAIChatModel extends OpenAIModel {
  protected readonly path = '/chat/completions';

  protected body(request: WireRequest): object {
    const { model, messages, maxOutputTokens, output, isStreamed, accepts } = request;
    // Newer models refuse `max_tokens`; other providers ignore `max_completion_tokens`.
    const limit = (['max_tokens', 'max_completion_tokens'] as const).find(accepts);
    const hasFormat = output !== undefined && accepts('response_format');
    const isStrict = (strict = true): boolean | undefined => (accepts('strict') ? strict : undefined);
    const content = output && !hasFormat ? instructionsWithSchema(request) : request.instructions;
    return {
      model,
      messages: [{ role: 'system', content }, ...messages.map((message) => this.#toMessage(message, request))],
      tools: request.tools.length > 0 ? request.tools.map((tool) => toTool(tool, isStrict(tool.isStrict))) : undefined,
      ...(accepts('temperature') ? { temperature: request.temperature } : {}),
      ...(maxOutputTokens !== undefined && limit && { [limit]: maxOutputTokens }),
      response_format: hasFormat
        ? { type: 'json_schema', json_schema: toJsonSchemaFormat(output, isStrict(request.isOutputStrict)) }
        : undefined,
      ...controlsFor(request),
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

  #toMessage(message: ModelMessage, request: WireRequest): object {
    if (message.role === 'tool') return { role: 'tool', tool_call_id: message.callId, content: message.content };
    // Most other providers know no role for developers.
    if (message.role === 'developer') return { role: 'system', content: message.content };
    if (message.role === 'user') return { role: 'user', content: message.parts?.map(toPart) ?? message.content };
    const { message: returned, calls } = this.returnedWith(message, request);
    if (!message.toolCalls?.length) return { ...fieldsOf(returned), role: 'assistant', content: message.content };
    const ofCalls: unknown[] = Array.isArray(calls) ? calls : [];
    const toolCalls = message.toolCalls.map(({ callId, name, arguments: text }, index) => ({
      ...fieldsOf(ofCalls[index]),
      id: callId,
      type: 'function',
      function: { name, arguments: text },
    }));
    return {
      ...fieldsOf(returned),
      ...returnedFields(this.reasoningWith(message, request)),
      role: 'assistant',
      content: message.content.trim() === '' ? null : message.content,
      tool_calls: toolCalls,
    };
  }
}

/** Providers refuse a choice without tools. */
function controlsFor({ tools, toolChoice, parallelToolCalls, topP, reasoningEffort }: WireRequest): object {
  const hasTools = tools.length > 0;
  const choice = typeof toolChoice === 'object' ? { type: 'function', function: toolChoice } : toolChoice;
  return {
    tool_choice: hasTools ? choice : undefined,
    parallel_tool_calls: hasTools ? parallelToolCalls : undefined,
    top_p: topP,
    reasoning_effort: reasoningEffort,
  };
}

function toTool({ name, description, parameters }: ModelTool, strict: boolean | undefined): object {
  return { type: 'function', function: { name, description, parameters, strict } };
}

function toPart(part: MessagePart): object {
  return part.type === 'text' ? part : { type: 'image_url', image_url: { url: part.url } };
}
