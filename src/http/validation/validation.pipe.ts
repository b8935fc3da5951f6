import { type ArgumentMetadata, type Type, ValidationPipe, type ValidationError } from '@nestjs/common';
import * as transformerPackage from 'class-transformer';
import * as validatorPackage from 'class-validator';
import { AgentError, type FieldError } from '../../errors/agent.error.js';
import { DtoAcceptor } from './dto.acceptor.js';
import { hintAbout } from './field.hints.js';
import { faultsOf, unknownField } from './request.faults.js';

/** Keeps the error response smaller than the request. */
const MAX_ERRORS = 100;
const MAX_ERROR_CHARS = 200;
const MAX_REPORTED_CHARS = 10;

/** By DTO; null: class-validator decides about all values. */
const acceptors = new WeakMap<Type, DtoAcceptor | null>();

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
      // The class of the target has the hints.
      validationError: { target: true },
      exceptionFactory: (errors) => refusal(errors.flatMap((error) => fieldErrors(error, ''))),
    });
  }

  override async transform(value: unknown, metadata: ArgumentMetadata): Promise<unknown> {
    // The service's own values, such as the caller.
    if (metadata.type === 'custom') return value;
    const accepted = metadata.metatype && acceptorOf(metadata.metatype)?.accept(value);
    if (accepted) return accepted;
    const faults = faultsOf(value);
    if (faults.length > 0) throw refusal(faults);
    return await super.transform(value, metadata);
  }
}

function acceptorOf(dto: Type): DtoAcceptor | undefined {
  const cached = acceptors.get(dto);
  if (cached !== undefined) return cached ?? undefined;
  const acceptor = DtoAcceptor.of(dto);
  acceptors.set(dto, acceptor ?? null);
  return acceptor;
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

function fieldErrors(error: ValidationError, path: string): FieldError[] {
  const { property, children = [] } = error;
  const field = path === '' ? property : `${path}.${property}`;
  const own = messagesOf(error).map((message) => ({ field, message }));
  return [...own, ...children.flatMap((child) => fieldErrors(child, field))];
}

/** Reports only the wrong type if the type is wrong. */
function messagesOf({ property, target, constraints = {} }: ValidationError): string[] {
  if ('whitelistValidation' in constraints) {
    const hint = hintAbout(property, target);
    return [`${unknownField(property)}${hint === undefined ? '' : `: ${hint}`}`];
  }
  const wrongType = constraints['isString'] ?? constraints['isNumber'] ?? constraints['isInt'];
  return wrongType === undefined ? Object.values(constraints) : [wrongType];
}
