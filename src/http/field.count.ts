/**
 * The most fields that an object of a request or of a tool's input may have. `class-transformer` compares each field of an
 * object with all fields before it, so the time grows with the square of their number.
 */
export const MAX_FIELDS = 1000;

/** Whether the value is, or holds, an object with more fields than that. */
export function hasTooManyFields(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const children = Object.values(value);
  return (!Array.isArray(value) && children.length > MAX_FIELDS) || children.some(hasTooManyFields);
}
