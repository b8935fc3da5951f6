import type { FieldError } from '../../errors/agent.error.js';
import { hasTooManyFields, MAX_FIELDS } from './field.count.js';

/** Bounds the recursion of the validator. No request needs more levels. */
const MAX_LEVELS = 32;

/** Finds faults that the validator cannot handle: depth, too many fields, and names of `Object.prototype`. */
export function faultsOf(value: unknown): FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  const message = sizeFaultOf(value);
  return message === undefined ? [...unvalidatedIn(value, '')] : [{ field: '', message }];
}

/** Says that a value is too deep or has too many fields; undefined: neither. */
export function sizeFaultOf(value: object): string | undefined {
  if (isDeeper(value, MAX_LEVELS)) return `A request may nest at most ${MAX_LEVELS} levels deep`;
  if (hasTooManyFields(value)) return `An object in a request may have at most ${MAX_FIELDS} fields`;
  return undefined;
}

/** Finds fields that the transformer would silently drop. */
function* unvalidatedIn(value: unknown, path: string): Generator<FieldError> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    const field = path === '' ? name : `${path}.${name}`;
    if (name in Object.prototype || name === 'prototype') yield { field, message: unknownField(field) };
    else yield* unvalidatedIn(child, field);
  }
}

/** The message about a field that the DTO does not have. */
export function unknownField(name: string): string {
  return `${name} is not a field of this request`;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}
