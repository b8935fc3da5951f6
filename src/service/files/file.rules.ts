import { getMetadataStorage, ValidateIf, type ValidationError } from 'class-validator';
import { typosBetween } from '../settings/misspelt.settings.js';
import type { FieldPath } from './yaml.source.js';

/** A rule that a field breaks. */
export interface BrokenRule {
  readonly path: FieldPath;
  readonly message: string;
}

/** Makes a field optional. A field without a value is a fault. */
export function Optional(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}

/** The rules that the fields of a file break, each field with one message at a time. */
export function brokenRules(errors: readonly ValidationError[], parent: FieldPath = []): BrokenRule[] {
  return errors.flatMap(({ property, target, value, constraints = {}, children = [] }) => {
    const path = [...parent, Array.isArray(target) ? Number(property) : property];
    const [own] = Object.entries(constraints).map(([rule, message]) =>
      rule === 'whitelistValidation' ? unknownField(property, target) : message,
    );
    const message = value === undefined ? (constraints.isDefined ?? own) : own;
    return [...(message === undefined ? [] : [{ path, message }]), ...brokenRules(children, path)];
  });
}

function unknownField(name: string, target: object | undefined): string {
  const rules = getMetadataStorage().getTargetValidationMetadatas(target?.constructor ?? Object, '', false, false);
  const known = [...new Set(rules.map(({ propertyName }) => propertyName))];
  const near = nearestOf(name, known);
  return near === undefined
    ? `there is no field "${name}"; remove it. Known: ${known.join(', ')}`
    : `there is no field "${name}". Did you mean ${near}?`;
}

/** The word that was probably meant. Case and punctuation do not count. */
export function nearestOf(word: string, known: readonly string[]): string | undefined {
  const typosOf = (other: string): number => typosBetween(plain(word), plain(other));
  const [nearest] = known.toSorted((one, other) => typosOf(one) - typosOf(other));
  const most = Math.min(2, Math.floor(word.length / 3));
  return nearest !== undefined && typosOf(nearest) <= most ? nearest : undefined;
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
