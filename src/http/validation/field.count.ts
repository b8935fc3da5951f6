/**
 * The maximum number of fields of an object in a request or a tool input. `class-transformer` compares each field with
 * all previous fields, so its time grows quadratically.
 */
export const MAX_FIELDS = 1000;

/** Returns true if the value is, or contains, an object with more than `MAX_FIELDS` fields. */
export function hasTooManyFields(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const children = Object.values(value);
  return (!Array.isArray(value) && children.length > MAX_FIELDS) || children.some(hasTooManyFields);
}
