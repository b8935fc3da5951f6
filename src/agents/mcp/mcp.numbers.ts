import { randomUUID } from 'node:crypto';
import { isObject, isString } from '../../json/json.object.js';

/** Marks a text that stands for an integer. Servers cannot know it. */
const MARK = `${randomUUID()}:`;
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');
const MANY_DIGITS = /\d{16}/;
const INTEGER = /^-?\d+$/;

/**
 * Replaces the integers in a JSON text that lose digits as numbers by marked texts. `textOfNumbers` restores them.
 * Returns another text unchanged.
 */
export function markLargeIntegers(json: string): string {
  if (!MANY_DIGITS.test(json)) return json;
  try {
    return JSON.stringify(JSON.parse(json, marked));
  } catch {
    return json;
  }
}

/** Writes a value as JSON, with all digits of the marked integers. */
export function textOfNumbers(value: unknown): string {
  return JSON.stringify(value).replace(MARKED, '$1');
}

function marked(_key: string, value: unknown, ...[context]: unknown[]): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = isObject(context) ? context.source : undefined;
  return isString(source) && INTEGER.test(source) ? MARK + source : value;
}
