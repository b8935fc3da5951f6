/** An object of unknown fields, as JSON contains it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** True for an object that is not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** True if all items pass the check. */
export function isArrayOf<T>(value: unknown, isItem: (item: unknown) => item is T): value is T[] {
  return Array.isArray(value) && value.every(isItem);
}

/** True if each field of the object is a string. */
export function isStringRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every((field) => typeof field === 'string');
}

/** True if the field is absent or passes the check. */
export function isOptional<T>(value: unknown, isPresent: (value: unknown) => value is T): value is T | undefined {
  return value === undefined || isPresent(value);
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
