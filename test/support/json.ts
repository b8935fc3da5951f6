/** A JSON object as received: a test must check each of its values. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the object, or `{}` for anything else, so that a test fails at its own expectation. */
export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** Returns the objects in the array; empty for anything else. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Parses the text; `{}` unless it is a JSON object. */
export function parseObject(text: string): Json {
  try {
    return object(JSON.parse(text));
  } catch {
    return {};
  }
}
