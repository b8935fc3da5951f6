import type { LanguageModelV4CallOptions } from '@ai-sdk/provider';
import type { ModelCall, ModelMessage, ModelRequest, ModelTool } from '../language.model.js';
import type { MessagePart } from '../message.parts.js';
import { instructionsWithSchema } from '../openai/openai.model.js';
import type { CallParameters } from '../openai/refused.parameters.js';
import { ERROR_PREFIX } from '../tool.result.js';
import { shortId, toWire } from '../wire.conversation.js';
import { type TurnPart, turnPartsOf } from './ai-sdk.turn.js';

/** A part of a user's message. */
export type UserPart =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'file'; readonly mediaType: string; readonly data: string | URL };

interface ResultPart {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly output: { readonly type: 'text' | 'error-text'; readonly value: string };
}

/** A message as every version of the AI SDK has it, apart from the data of files. */
export type PromptMessage =
  | { readonly role: 'system'; readonly content: string }
  | { readonly role: 'user'; readonly content: UserPart[] }
  | { readonly role: 'assistant'; readonly content: TurnPart[] }
  | { readonly role: 'tool'; readonly content: ResultPart[] };

/** The options of a call, apart from the prompt. */
type CallOptions = Pick<
  LanguageModelV4CallOptions,
  | 'abortSignal'
  | 'headers'
  | 'maxOutputTokens'
  | 'providerOptions'
  | 'responseFormat'
  | 'temperature'
  | 'toolChoice'
  | 'topP'
  | 'reasoning'
>;

export interface PromptOptions extends CallOptions {
  readonly messages: readonly PromptMessage[];
  readonly tools?: FunctionTool[];
}

type FunctionTool = Extract<NonNullable<LanguageModelV4CallOptions['tools']>[number], { type: 'function' }>;

/** Who receives a request, and what may be sent. */
export interface PromptTarget {
  /** The AI SDK's name of the provider, such as `anthropic.messages`. */
  readonly provider: string;
  /** The source of the provider's data. */
  readonly source: string;
  readonly parameters: CallParameters;
}

/** The options of a call of the AI SDK. */
export function toPromptOptions(request: ModelRequest, call: ModelCall, target: PromptTarget): PromptOptions {
  const { parameters, source } = target;
  const { tools, output, isOutputStrict = true, temperature, maxOutputTokens, topP, reasoningEffort } = request;
  const hasFormat = output !== undefined && parameters.accepts('response_format');
  const isStrict = parameters.accepts('strict');
  const instructions = output && !hasFormat ? instructionsWithSchema(request) : request.instructions;
  const messages = toMessages({ ...request, instructions }, parameters.accepts('returned_data') ? source : undefined);
  return {
    messages: parameters.accepts('call_ids') ? messages : messages.map(withShortIds),
    abortSignal: call.signal,
    ...(call.traceHeaders && { headers: call.traceHeaders }),
    ...(parameters.accepts('temperature') && { temperature }),
    ...(maxOutputTokens !== undefined && parameters.accepts('maxOutputTokens') && { maxOutputTokens }),
    ...(tools.length > 0 && { tools: tools.map((tool) => toTool(tool, isStrict)), ...toolChoiceOf(request) }),
    ...(topP !== undefined && { topP }),
    ...(reasoningEffort !== undefined && { reasoning: reasoningEffort }),
    ...(hasFormat && { responseFormat: { type: 'json', schema: output, name: 'answer' } }),
    // Providers without strict mode ignore it.
    ...(hasFormat &&
      !(isOutputStrict && isStrict) && { providerOptions: { [familyOf(target)]: { strictJsonSchema: false } } }),
  };
}

function toolChoiceOf({ toolChoice }: ModelRequest): Pick<PromptOptions, 'toolChoice'> {
  if (toolChoice === undefined) return {};
  if (typeof toolChoice === 'string') return { toolChoice: { type: toolChoice } };
  return { toolChoice: { type: 'tool', toolName: toolChoice.name } };
}

function toMessages({ instructions, messages }: ModelRequest, source: string | undefined): PromptMessage[] {
  const prompt: PromptMessage[] = instructions === '' ? [] : [{ role: 'system', content: instructions }];
  for (const message of toWire(messages)) {
    const previous = prompt.at(-1);
    // The results of one turn are one message.
    if (message.role === 'tool' && previous?.role === 'tool') previous.content.push(toResult(message));
    else prompt.push(toMessage(message, source));
  }
  // Providers refuse a message without content.
  return prompt.filter(({ content }) => content.length > 0);
}

function withShortIds(message: PromptMessage): PromptMessage {
  switch (message.role) {
    case 'assistant':
      return { ...message, content: message.content.map((part) => (isOwnCall(part) ? withShortId(part) : part)) };
    case 'tool':
      return { ...message, content: message.content.map(withShortId) };
    default:
      return message;
  }
}

/** False for calls of the provider's own tools: only the provider knows their ids. */
function isOwnCall(part: TurnPart): part is Extract<TurnPart, { type: 'tool-call' }> {
  return part.type === 'tool-call' && part.providerExecuted !== true;
}

function withShortId<T extends { readonly toolCallId: string }>(part: T): T {
  return { ...part, toolCallId: shortId(part.toolCallId) };
}

function toMessage(message: ModelMessage, source: string | undefined): PromptMessage {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: (message.parts ?? [{ type: 'text', text: message.content }]).map(toUserPart) };
    case 'developer':
      return { role: 'system', content: message.content };
    case 'assistant':
      return { role: 'assistant', content: turnPartsOf(message, source) };
    case 'tool':
      return { role: 'tool', content: [toResult(message)] };
  }
}

function toUserPart(part: MessagePart): UserPart {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(part.url) ?? [];
  if (mediaType === undefined || data === undefined) {
    return { type: 'file', mediaType: 'image/*', data: new URL(part.url) };
  }
  return { type: 'file', mediaType, data };
}

function toResult({ callId, tool, content }: Extract<ModelMessage, { role: 'tool' }>): ResultPart {
  const type = content.startsWith(ERROR_PREFIX) ? 'error-text' : 'text';
  return { type: 'tool-result', toolCallId: callId, toolName: tool, output: { type, value: content } };
}

function toTool(tool: ModelTool, hasStrict: boolean): FunctionTool {
  const { name, description, parameters, isStrict: strict = true } = tool;
  return { type: 'function', name, description, inputSchema: parameters, ...(hasStrict && { strict }) };
}

/** `openai` of `openai.responses`: providers read their options by it. */
function familyOf({ provider }: PromptTarget): string {
  return provider.split('.')[0] ?? provider;
}
