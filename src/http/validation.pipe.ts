import { type ArgumentMetadata, ValidationPipe, type ValidationError } from '@nestjs/common';
import * as transformerPackage from 'class-transformer';
import * as validatorPackage from 'class-validator';
import { AgentError, type FieldError } from '../errors/agent.error.js';
import { hasTooManyFields, MAX_FIELDS } from './field.count.js';

/** No request has a use for more, and the validator follows every level on its stack. */
const MAX_LEVELS = 32;
/** So that an answer stays smaller than what it answers. */
const MAX_ERRORS = 100;
const MAX_ERROR_CHARS = 200;
const MAX_TOLD = 10;

/** Checks bodies, queries and paths against their DTOs. Unknown fields are refused: a misspelt option must not pass silently. */
export class RequestPipe extends ValidationPipe {
  constructor() {
    super({
      transform: true,
      // Else Nest imports them by itself, which a bundled copy of them would not survive.
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
    .slice(0, MAX_TOLD)
    .map(({ message }) => message)
    .join('; ');
  return new AgentError('validation_failed', { detail, errors });
}

function fieldErrors({ property, constraints = {}, children = [] }: ValidationError, path: string): FieldError[] {
  const field = path === '' ? property : `${path}.${property}`;
  const own = messagesOf(property, constraints).map((message) => ({ field, message }));
  return [...own, ...children.flatMap((child) => fieldErrors(child, field))];
}

/** Of a value of the wrong type no more is said than that. */
function messagesOf(property: string, constraints: Record<string, string>): string[] {
  if ('whitelistValidation' in constraints) return [unknownField(property)];
  const wrongType = constraints['isString'] ?? constraints['isNumber'] ?? constraints['isInt'];
  return wrongType === undefined ? Object.values(constraints) : [wrongType];
}

/** What the validator would stumble over or overlook: depth, many fields, and names that every object has. */
function faultsOf(value: unknown): FieldError[] {
  if (typeof value !== 'object' || value === null) return [];
  if (isDeeper(value, MAX_LEVELS)) return [{ field: '', message: `A request may nest ${MAX_LEVELS} levels deep` }];
  if (hasTooManyFields(value)) {
    return [{ field: '', message: `An object in a request may have at most ${MAX_FIELDS} fields` }];
  }
  return [...overlookedIn(value, '')];
}

/** What a copy of the value would lack, without anybody's having said so. */
function* overlookedIn(value: unknown, path: string): Generator<FieldError> {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, child] of Object.entries(value)) {
    const field = path === '' ? name : `${path}.${name}`;
    if (name in Object.prototype || name === 'prototype') yield { field, message: unknownField(field) };
    else yield* overlookedIn(child, field);
  }
}

function unknownField(name: string): string {
  return `${name} is not a field of this request`;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((child) => isDeeper(child, levels - 1));
}
