import { isBoolean, isObject, isString, type JsonObject } from '../../json/json.object.js';
import type { JsonSchema } from './json.schema.js';
import { isSupported } from './strict.schema.js';

const TYPES = new Set<unknown>(['object', 'array', 'string', 'number', 'integer', 'boolean', 'null']);

const isSchema = (value: unknown): boolean => isObject(value) || isBoolean(value);
const isFilled = (value: unknown): boolean => Array.isArray(value) && value.length > 0;
/** Larger bounds, such as those of 64-bit integers, restrict nothing that JSON can express exactly. */
const isBound = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
const isAny = (): boolean => true;

/** The keywords that are kept, with the check of their value. Without the others a schema only accepts more. */
const CHECKS = new Map<string, (value: unknown) => boolean>([
  ['$ref', isString],
  ['type', isFilledOrString],
  ['title', isString],
  ['description', isString],
  ['default', isAny],
  ['examples', Array.isArray],
  ['enum', isFilled],
  ['const', isAny],
  ['nullable', isBoolean],
  ['pattern', isPattern],
  ['format', (value) => isString(value) && isSupported('format', value)],
  ['minLength', isBound],
  ['maxLength', isBound],
  ['minimum', isBound],
  ['maximum', isBound],
  ['exclusiveMinimum', isBound],
  ['exclusiveMaximum', isBound],
  ['multipleOf', isBound],
  ['items', isSchema],
  ['prefixItems', isFilled],
  ['minItems', isBound],
  ['maxItems', isBound],
  ['uniqueItems', isBoolean],
  ['properties', isObject],
  ['required', isFilled],
  ['additionalProperties', isSchema],
  ['patternProperties', isObject],
  ['propertyNames', isSchema],
  ['minProperties', isBound],
  ['maxProperties', isBound],
  ['anyOf', isFilled],
  ['oneOf', isFilled],
  ['allOf', isFilled],
  ['then', isSchema],
  ['else', isSchema],
]);

/** Keeps the well-formed keywords that providers accept, in their present form. Subschemas are unchanged. */
export function cleanKeywords(schema: JsonObject, maxDescriptionChars: number): JsonSchema {
  const kept = Object.entries(modernized(schema)).filter(([keyword, value]) => CHECKS.get(keyword)?.(value) === true);
  const clean: JsonSchema = Object.fromEntries(kept);
  const { description } = clean;
  return description === undefined ? clean : { ...clean, description: cutText(description, maxDescriptionChars) };
}

/** Cuts a text that is too long, between two characters, and marks the cut. */
export function cutText(text: string, maxChars: number): string {
  if (text.length <= maxChars) return text;
  return `${text.slice(0, maxChars - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** Converts keywords of older drafts and of OpenAPI, and corrects lists. */
function modernized(schema: JsonObject): JsonObject {
  const { items, additionalItems, type, required, ...rest } = schema;
  const types = [type].flat().filter((each) => TYPES.has(each));
  const [first, ...others] = new Set(types);
  return {
    ...rest,
    ...(Array.isArray(items) ? { prefixItems: items, items: additionalItems } : { items }),
    ...(first === undefined ? {} : { type: others.length === 0 ? first : [first, ...others] }),
    ...(Array.isArray(required) ? { required: [...new Set(required.filter(isString))] } : {}),
    ...exclusive(rest, 'minimum', 'exclusiveMinimum'),
    ...exclusive(rest, 'maximum', 'exclusiveMaximum'),
  };
}

/** A bound that a flag makes exclusive, as a bound of its own. */
function exclusive(schema: JsonObject, bound: string, keyword: string): JsonObject {
  return schema[keyword] === true ? { [bound]: undefined, [keyword]: schema[bound] } : {};
}

function isFilledOrString(value: unknown): boolean {
  return isString(value) || isFilled(value);
}

function isPattern(value: unknown): boolean {
  if (!isString(value) || !isSupported('pattern', value)) return false;
  try {
    return new RegExp(value, 'u') instanceof RegExp;
  } catch {
    return false;
  }
}
