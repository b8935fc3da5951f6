import { type ArgumentMetadata, ValidationPipe, type ValidationError } from '@nestjs/common';
import * as transformerPackage from 'class-transformer';
import * as validatorPackage from 'class-validator';
import { AgentError, type FieldError } from '../../errors/agent.error.js';
import { hasTooManyFields, MAX_FIELDS } from './field.count.js';

/** Bounds the recursion of the validator. No request needs more levels. */
const MAX_LEVELS = 32;
/** Keeps the error response smaller than the request. */
const MAX_ERRORS = 100;
const MAX_ERROR_CHARS = 200;
const MAX_REPORTED_CHARS = 10;

/** Validates bodies, queries and paths against their DTOs. Rejects unknown fields, so a misspelt option is reported. */
export class RequestPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      // Passed explicitly: Nest's own dynamic import fails in a bundle.
      transformerPackage,
      validatorPackage,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: (errors) => refusal(errors.flatMap((error) => fieldErrors(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    const faults = faultsOf(value);
    if (faults.length > 0) throw refusal(faults);
    return await super.transform(value, metadata);
  }
}

function refusal(faults: readonly FieldError[]): AgentError {
  const errors = faults.slice(0, MAX_ERRORS).map(({ field, message }) => ({
    field: field.slice(0, MAX_ERROR_CHARS),
    message: message.slice(0, MAX_ERROR_CHARS),
  }));
  const detail = errors
    .slice(0, MAX_REPORTED_CHARS)
    .map(({ message }) => message)
    .join('; ');
  return new AgentError('validation_failed', { detail, errors });
}

function fieldErrors({ property, constraints = {}, children = [] }: ValidationError, path: string): FieldError[] {
  const field = path === '' ? property : `${path}.${property}`;
  const own = messagesOf(property, constraints).map((message) => ({ field, message }));
  return [...own, ...children.flatMap((child) => fieldErrors(child, field))];
}

/** Reports only the wrong type if the type is wrong. */
function messagesOf(property: string, constraints: Record<string, string>): string[] {
  if ('whitelistValidation' in constraints) return [unknownField(property)];
  const wrongType = constraints['isString'] ?? constraints['isNumber'] ?? constraints['isInt'];
  return wrongType === undefined ? Object.values(constraints) : [wrongType];
}

/** Finds faults that the validator cannot handle: depth, too many fields, and names of `Object.prototype`. */
function faultsOf(value: unknown): FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isDeeper(value, MAX_LEVELS))
    return [{ field: '', message: `A request may nest at most ${MAX_LEVELS} levels deep` }];
  if (hasTooManyFields(value)) {
    return [{ field: '', message: `An object in a request may have at most ${MAX_FIELDS} fields` }];
  }
  return [...unvalidatedIn(value, '')];
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

function unknownField(name: string): string {
  return `${name} is not a field of this request`;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}
