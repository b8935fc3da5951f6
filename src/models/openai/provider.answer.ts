import { isObject, isString, type JsonObject } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { ModelUsage } from '../language.model.js';

/** Reads the JSON of a provider. Providers differ, so only the fields in use are checked. */

/** @throws SyntaxError or TypeError if the text is not a JSON object. */
export function parseObject(text: string): JsonObject {
  return requireObject(JSON.parse(text));
}

/** The error in an event that reports one: its fields, or its text. */
export function errorOf(data: string): unknown {
  const event = tryParseJson(data);
  return isObject(event) ? (event.error ?? event) : data;
}

/** @throws TypeError if the provider sent anything but an object. */
export function requireObject(value: unknown): JsonObject {
  if (isObject(value)) return value;
  throw new TypeError('The provider returned a value that is not an object.');
}

/** @throws TypeError if the provider sent anything but an array of objects. */
export function requireObjects(value: unknown): JsonObject[] {
  if (Array.isArray(value)) return value.map(requireObject);
  throw new TypeError('The provider returned a value that is not an array.');
}

/**
 * The text of a message: a string, or the text parts of a list. Thoughts and references are left out.
 *
 * @throws TypeError if it is anything else: a part of an unknown type may belong to the answer.
 */
export function textOfContent(content: unknown): string {
  if (content === undefined || content === null) return '';
  return Array.isArray(content) ? content.map(textOfPart).join('') : requireString(content);
}

function textOfPart(part: unknown): string {
  if (isString(part)) return part;
  const { type = 'text', text, refusal } = requireObject(part);
  switch (type) {
    case 'text':
    case 'output_text':
      return requireString(text);
    case 'refusal':
      return requireString(refusal);
    case 'thinking':
    case 'redacted_thinking':
    case 'reasoning':
    case 'reasoning_text':
    case 'reference':
      return '';
    default:
      throw new TypeError('The provider returned a content part of an unknown type.');
  }
}

/** The arguments of a tool call as JSON text. Some providers send them as an object, or null before the first piece. */
export function argumentsText(given: unknown): string {
  if (given === undefined || given === null) return '';
  return isObject(given) ? JSON.stringify(given) : requireString(given);
}

/** @throws TypeError if the provider sent anything but a string. */
export function requireString(text: unknown): string {
  if (isString(text)) return text;
  throw new TypeError('The provider returned a non-string text.');
}

/** The object; `{}` for anything else. For parts that a provider may leave out. */
export function fieldsOf(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

/**
 * Reads the token counts; undefined if the provider sent no valid ones.
 *
 * @param input the name of the count of input tokens, and of its details. `output` likewise.
 */
export function usageFrom(usage: unknown, input: string, output: string): ModelUsage | undefined {
  const counts = fieldsOf(usage);
  const [inputTokens, outputTokens] = [counts[input], counts[output]];
  if (!isCount(inputTokens) || !isCount(outputTokens)) return undefined;
  const { cached_tokens } = fieldsOf(counts[`${input}_details`]);
  const { reasoning_tokens } = fieldsOf(counts[`${output}_details`]);
  return {
    inputTokens,
    outputTokens,
    cachedTokens: toCount(cached_tokens),
    reasoningTokens: toCount(reasoning_tokens),
  };
}

/** A count that a provider may leave out; 0 if it is missing or invalid. */
export function toCount(tokens: unknown): number {
  return isCount(tokens) ? tokens : 0;
}

export function isCount(tokens: unknown): tokens is number {
  return typeof tokens === 'number' && Number.isSafeInteger(tokens) && tokens >= 0;
}
