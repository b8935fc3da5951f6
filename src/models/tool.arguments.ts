import { isObject, isString } from '../json/json.object.js';
import { tryParseJson } from '../json/json.text.js';

/**
 * The arguments of a tool call as the JSON text of an object. Some models write the object as text within a JSON string.
 *
 * @returns undefined if the arguments are not an object.
 */
export function objectText(text: string): string | undefined {
  if (text.trim() === '') return '{}';
  const value = tryParseJson(text);
  if (isObject(value)) return text;
  return isString(value) && isObject(tryParseJson(value)) ? value : undefined;
}
