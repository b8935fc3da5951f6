/** An object of unknown fields, as JSON contains it. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Checks the form of a value. */
type Check = (value: unknown) => boolean;

/** True for an object that is not an array. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Makes a check of objects from a check of each field. It ignores further fields of an object. */
export function isObjectOf<T>(checks: Readonly<Record<keyof T, Check>>) {
  const fields = Object.entries<Check>(checks);
  return (value: unknown): value is T => isObject(value) && fields.every(([name, isValid]) => isValid(value[name]));
}

/** Makes a check of arrays from a check of their items. */
export function isArrayOf<T>(isItem: (item: unknown) => item is T) {
  return (value: unknown): value is T[] => Array.isArray(value) && value.every(isItem);
}

/** Makes a check that an absent field passes too. */
export function isOptional(isPresent: Check): Check {
  return (value) => value === undefined || isPresent(value);
}

/** True if each field of the object is a string. */
export function isStringRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && Object.values(value).every(isString);
}

export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

export function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

export function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean';
}
