import type { Type } from '@nestjs/common';
import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';
import { isObject } from '../../json/json.object.js';
import { faultsOf } from './request.faults.js';

/** Metadata of one rule in class-validator. */
type RuleMetadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** A condition or a check of one field. */
type Test = (value: unknown, object: object) => boolean;

/** The rules of one field. They apply if all conditions hold. */
interface Field {
  readonly name: string;
  readonly conditions: readonly Test[];
  readonly checks: readonly Test[];
}

/**
 * Accepts the valid values of one DTO, and leaves all others to class-validator, which finds the words for a refusal. It
 * calls the same rules, but collects them once and not for each request.
 */
export class DtoAcceptor {
  private constructor(
    private readonly dto: Type<unknown>,
    private readonly fields: ReadonlyMap<string, Field>,
  ) {}

  /** @returns undefined for a DTO without rules, or with other rules than checks and conditions of fields. */
  static of(dto: Type): DtoAcceptor | undefined {
    const rules = getMetadataStorage().getTargetValidationMetadatas(dto, '', false, false);
    if (rules.length === 0) return undefined;
    const byField = Map.groupBy(rules, ({ propertyName }) => propertyName);
    const fields = new Map<string, Field>();
    for (const [name, ofField] of byField) {
      const field = fieldOf(name, ofField);
      if (field === undefined) return undefined;
      fields.set(name, field);
    }
    return new DtoAcceptor(dto, fields);
  }

  /** @returns an instance of the DTO; undefined if class-validator has to decide. */
  accept(value: unknown): object | undefined {
    if (!isObject(value)) return undefined;
    const instance = new this.dto();
    if (!isObject(instance)) return undefined;
    for (const name in value) {
      if (!this.fields.has(name)) return undefined;
      const given = value[name];
      if (typeof given === 'object' && faultsOf({ [name]: given }).length > 0) return undefined;
      Reflect.set(instance, name, given);
    }
    for (const { name, conditions, checks } of this.fields.values()) {
      const given: unknown = Reflect.get(instance, name);
      if (conditions.every((holds) => holds(given, instance)) && !checks.every((passes) => passes(given, instance))) {
        return undefined;
      }
    }
    return instance;
  }
}

function fieldOf(name: string, rules: readonly RuleMetadata[]): Field | undefined {
  const conditions: Test[] = [];
  const checks: Test[] = [];
  for (const rule of rules) {
    if (isOfKind(rule, ValidationTypes.CONDITIONAL_VALIDATION)) {
      const condition = conditionOf(rule);
      if (condition === undefined) return undefined;
      conditions.push(condition);
    } else if (isOfKind(rule, ValidationTypes.CUSTOM_VALIDATION)) {
      const found = checksOf(rule);
      if (found === undefined) return undefined;
      checks.push(...found);
    } else if (!isOfKind(rule, ValidationTypes.WHITELIST)) {
      return undefined;
    }
  }
  return { name, conditions, checks };
}

function isOfKind({ type }: RuleMetadata, kind: string): boolean {
  return type === kind;
}

function conditionOf({ constraints }: RuleMetadata): Test | undefined {
  const condition: unknown = constraints[0];
  if (typeof condition !== 'function') return undefined;
  return (value, object) => Boolean(Reflect.apply(condition, undefined, [object, value]));
}

function checksOf(rule: RuleMetadata): Test[] | undefined {
  const { propertyName: property, constraintCls, constraints, validateIf } = rule;
  if (validateIf !== undefined) return undefined;
  const validators = getMetadataStorage().getTargetValidatorConstraints(constraintCls);
  if (validators.some(({ async }) => async)) return undefined;
  return validators.map(({ instance }) => (value, object) => {
    const given: ValidationArguments = { value, constraints, targetName: object.constructor.name, object, property };
    // Not a promise, which class-validator would await.
    const passes = (item: unknown) => instance.validate(item, given) === true;
    return rule.each && Array.isArray(value) ? value.every(passes) : passes(value);
  });
}
