import type { JSONValue, SharedV4ProviderOptions } from '@ai-sdk/provider';
import { isArrayOf, isNumber, isObject, isObjectOf, isOptional, isString } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelMessage, ModelReasoning, ModelRoute, ModelToolCall, ProviderData } from '../language.model.js';
import { toProviderData } from '../provider.data.js';

interface WithOptions {
  /** The metadata that the provider sent with the part. */
  readonly providerOptions?: SharedV4ProviderOptions;
}

interface TextPart extends WithOptions {
  readonly type: 'text';
  readonly text: string;
}

interface ReasoningPart extends WithOptions {
  readonly type: 'reasoning';
  readonly text: string;
}

interface CallPart extends WithOptions {
  readonly type: 'tool-call';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly input: unknown;
  readonly providerExecuted?: boolean;
}

interface ResultPart extends WithOptions {
  readonly type: 'tool-result';
  readonly toolCallId: string;
  readonly toolName: string;
  readonly output: { readonly type: 'json' | 'error-json'; readonly value: JSONValue };
}

interface CustomPart extends WithOptions {
  readonly type: 'custom';
  readonly kind: `${string}.${string}`;
}

/** A part that only the provider understands, with calls that the provider made itself. */
type OpaquePart = ReasoningPart | CallPart | ResultPart | CustomPart;

/** A part of an earlier answer in a request. */
export type TurnPart = TextPart | OpaquePart;

interface OwnCall extends WithOptions {
  readonly type: 'call';
  readonly call: ModelToolCall;
}

/** A part of an answer, in the order of the model. */
export type AnswerPart = TurnPart | OwnCall;

/** The message has the text. */
interface StoredText extends WithOptions {
  readonly type: 'text';
  readonly length: number;
}

/** The message has the call. */
interface StoredCall extends WithOptions {
  readonly type: 'call';
  readonly callId: string;
}

type StoredPart = StoredText | StoredCall | OpaquePart;
type AssistantMessage = Extract<ModelMessage, { role: 'assistant' }>;

/** Returns the provider's own data of an answer; undefined if it is only text and calls, or too long. */
export function providerDataOf(
  source: string,
  parts: readonly AnswerPart[],
  route: ModelRoute,
): ProviderData | undefined {
  return parts.every(isPlain) ? undefined : toProviderData(source, { parts: parts.map(toStored) }, route);
}

/**
 * The parts of an earlier answer: as the same provider sent them, else its text and its calls.
 *
 * @param source of the provider that receives them; undefined: it gets no data back.
 */
export function turnPartsOf(message: AssistantMessage, source: string | undefined): TurnPart[] {
  const { content, toolCalls = [], providerData, reasoning } = message;
  const stored =
    source !== undefined && providerData?.source === source ? restored(message, providerData.data.parts) : undefined;
  if (stored) return stored;
  const kept = source === undefined || providerData ? [] : (reasoning ?? []).flatMap((part) => toPart(part, source));
  const text: TurnPart[] = content.trim() === '' ? [] : [{ type: 'text', text: content }];
  return [...kept, ...text, ...toolCalls.map((call) => toCallPart(call))];
}

/** Reasoning that a client has kept, as its provider sent it. */
function toPart({ text, providerData }: ModelReasoning, source: string): TurnPart[] {
  if (providerData?.source !== source) return [];
  const part = { ...providerData.data, type: 'reasoning', text };
  return isReasoning(part) ? [part] : [];
}

function isPlain(part: AnswerPart): boolean {
  return (part.type === 'text' || part.type === 'call') && part.providerOptions === undefined;
}

function toStored(part: AnswerPart): StoredPart {
  if (part.type === 'text') {
    const { text, ...rest } = part;
    return { ...rest, length: text.length };
  }
  if (part.type !== 'call') return part;
  const { call, ...rest } = part;
  return { ...rest, callId: call.callId };
}

/** Undefined if the parts do not match the message, for example after a change of the stored text. */
function restored({ content, toolCalls = [] }: AssistantMessage, parts: unknown): TurnPart[] | undefined {
  if (!isStoredParts(parts)) return undefined;
  const calls = new Map(toolCalls.map((call) => [call.callId, call]));
  const turn: TurnPart[] = [];
  let end = 0;
  for (const part of parts) {
    if (part.type === 'text') {
      const { length, ...rest } = part;
      turn.push({ ...rest, text: content.slice(end, (end += length)) });
    } else if (part.type === 'call') {
      const call = calls.get(part.callId);
      if (call === undefined) return undefined;
      calls.delete(part.callId);
      turn.push(toCallPart(call, part));
    } else turn.push(part);
  }
  // Anthropic writes blank texts between its calls, and refuses them.
  return end === content.length && calls.size === 0 ? turn.filter((part) => !isBlank(part)) : undefined;
}

function isBlank(part: TurnPart): boolean {
  return part.type === 'text' && part.text.trim() === '' && part.providerOptions === undefined;
}

function toCallPart({ callId, name, arguments: text }: ModelToolCall, { providerOptions }: WithOptions = {}): CallPart {
  const input = tryParseJson(text);
  return {
    type: 'tool-call',
    toolCallId: callId,
    toolName: name,
    // Providers refuse a conversation with any other input, so a model's mistake would end its session.
    input: isObject(input) ? input : {},
    ...(providerOptions && { providerOptions }),
  };
}

const providerOptions = isOptional((value) => isObject(value) && Object.values(value).every(isObject));
const isStoredText = isObjectOf<StoredText>({ type: is('text'), length: isNumber, providerOptions });
const isStoredCall = isObjectOf<StoredCall>({ type: is('call'), callId: isString, providerOptions });
const isReasoning = isObjectOf<ReasoningPart>({ type: is('reasoning'), text: isString, providerOptions });
const isCustom = isObjectOf<CustomPart>({ type: is('custom'), kind: isString, providerOptions });
const isCall = isObjectOf<CallPart>({
  type: is('tool-call'),
  toolCallId: isString,
  toolName: isString,
  input: () => true,
  providerExecuted: is(true),
  providerOptions,
});
const isResult = isObjectOf<ResultPart>({
  type: is('tool-result'),
  toolCallId: isString,
  toolName: isString,
  output: (value) => isObject(value) && (value.type === 'json' || value.type === 'error-json') && 'value' in value,
  providerOptions,
});
const isStoredParts = isArrayOf(
  (value): value is StoredPart =>
    isStoredText(value) ||
    isStoredCall(value) ||
    isReasoning(value) ||
    isCall(value) ||
    isResult(value) ||
    isCustom(value),
);

function is(expected: unknown): (value: unknown) => boolean {
  return (value) => value === expected;
}
