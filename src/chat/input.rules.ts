import { ValidateBy } from 'class-validator';
import { isObject } from '../json/json.object.js';
import { isStorable } from '../json/storable.text.js';
import { imageUrlFault } from '../http/validation/image.url.js';
import { MAX_PAIRS, MAX_VALUE } from '../runs/api/metadata.limits.js';

export const MAX_TEXT = 32_000;
export const MAX_PARTS = 20;
/** Same as the maximum size of a request body. */
export const MAX_IMAGE = 256 * 1024;
const MAX_SCHEMA = 16 * 1024;
const MAX_NAME = 64;

/** Returns why a value is invalid; undefined if it is valid. */
type Check = (value: unknown) => string | undefined;

/** Checks the input for the agent: a string, or an array of parts. */
export const IsInput = (): PropertyDecorator => rule('isInput', inputFault);
/** Checks the size of a JSON Schema. The schema itself is checked when it is used. */
export const IsSchema = (): PropertyDecorator => rule('isSchema', schemaFault);
/** Checks the names and values of metadata. All must be strings. */
export const IsMetadata = (): PropertyDecorator => rule('isMetadata', metadataFault);

export function rule(name: string, check: Check): PropertyDecorator {
  return ValidateBy({
    name,
    validator: {
      validate: (value) => check(value) === undefined,
      defaultMessage: (given) => `${given?.property ?? ''}${check(given?.value) ?? ''}`,
    },
  });
}

export function inputFault(input: unknown): string | undefined {
  if (typeof input === 'string') return textFault(input, MAX_TEXT);
  if (!Array.isArray(input)) return ' must be a string or an array of parts';
  if (input.length === 0 || input.length > MAX_PARTS) return ` must have 1 to ${MAX_PARTS} parts`;
  const faults = input.map((part: unknown, index) => {
    const fault = partFault(part);
    return fault && `[${index}]${fault}`;
  });
  return faults.find((fault) => fault !== undefined) ?? totalFault(input);
}

function partFault(part: unknown): string | undefined {
  if (!isObject(part)) return ' must be an object';
  const { type, text, url, ...others } = part;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) return `.${unknown} is not a field of a part`;
  if (type === 'text')
    return url === undefined ? prefixed('.text', textFault(text, MAX_TEXT)) : '.url requires the type image_url';
  if (type === 'image_url')
    return text === undefined ? prefixed('.url', urlFault(url)) : '.text requires the type text';
  return '.type must be text or image_url';
}

function totalFault(parts: readonly unknown[]): string | undefined {
  const length = parts.reduce<number>(
    (sum, part) => sum + (isObject(part) && typeof part['text'] === 'string' ? part['text'].length : 0),
    0,
  );
  return length > MAX_TEXT ? ` must not have more than ${MAX_TEXT} characters of text` : undefined;
}

function urlFault(url: unknown): string | undefined {
  if (typeof url !== 'string') return ' must be a string';
  const fault = imageUrlFault(url, MAX_IMAGE);
  return fault && ` ${fault}`;
}

function schemaFault(schema: unknown): string | undefined {
  if (!isObject(schema)) return ' must be a JSON Schema';
  return JSON.stringify(schema).length > MAX_SCHEMA ? ` must not be longer than ${MAX_SCHEMA} characters` : undefined;
}

function metadataFault(metadata: unknown): string | undefined {
  if (!isObject(metadata)) return ' must be an object with string values';
  const pairs = Object.entries(metadata);
  if (pairs.length > MAX_PAIRS) return ` must not have more than ${MAX_PAIRS} pairs`;
  for (const [name, value] of pairs) {
    const nameFault = textFault(name, MAX_NAME);
    if (nameFault !== undefined) return `: a name${nameFault}`;
    const fault = value === '' ? undefined : textFault(value, MAX_VALUE);
    if (fault !== undefined) return `.${name}${fault}`;
  }
  return undefined;
}

function textFault(text: unknown, longest: number): string | undefined {
  if (typeof text !== 'string') return ' must be a string';
  if (text.length === 0 || text.length > longest) return ` must have 1 to ${longest} characters`;
  return isStorable(text) ? undefined : ' must not contain NUL or half a surrogate pair';
}

function prefixed(field: string, fault: string | undefined): string | undefined {
  return fault && field + fault;
}
