/** A JSON object as it came over the wire: nothing about it is known until a test has asked. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The object, or `{}` for anything else, so that a test fails at its own expectation. */
export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

/** The objects in the array; none for anything else. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

export function string(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The object written in the text; `{}` when it holds no JSON object. */
export function parseObject(text: string): Json {
  try {
    return object(JSON.parse(text));
  } catch {
    return {};
  }
}
