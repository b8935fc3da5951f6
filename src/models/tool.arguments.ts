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

/**
 * Whether an integer may have been rounded before the text was written. True if the text has an integer beyond 2^53 and is
 * written as `JSON.stringify` writes it. A provider or its package may have parsed the text of the model.
 */
export function mayBeRounded(text: string): boolean {
  if (!/\d{16}|\de/i.test(text)) return false;
  let hasUnsafeInteger = false;
  try {
    const value: unknown = JSON.parse(text, (_key, each: unknown) => {
      hasUnsafeInteger ||= Number.isInteger(each) && !Number.isSafeInteger(each);
      return each;
    });
    return hasUnsafeInteger && JSON.stringify(value) === text;
  } catch {
    return false;
  }
}
