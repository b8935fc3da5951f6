import { ValidateIf } from 'class-validator';

/** The field may be left out; null is not the same as left out, and refused. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
