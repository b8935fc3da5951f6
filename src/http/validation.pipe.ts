import { ValidationPipe, type ValidationError } from '@nestjs/common';
import { AgentError, type FieldError } from '../errors/agent.error.js';

/** Checks bodies, queries and paths against their DTOs. Unknown fields are refused: a misspelt option must not pass silently. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    exceptionFactory: (errors) => {
      const fields = errors.flatMap((error) => fieldErrors(error, ''));
      return new AgentError('validation_failed', {
        detail: fields.map(({ message }) => message).join('; '),
        errors: fields,
      });
    },
  });
}

function fieldErrors({ property, constraints = {}, children = [] }: ValidationError, path: string): FieldError[] {
  const field = path === '' ? property : `${path}.${property}`;
  const own = messagesOf(property, constraints).map((message) => ({ field, message }));
  return [...own, ...children.flatMap((child) => fieldErrors(child, field))];
}

/** Of a value of the wrong type no more is said than that. */
function messagesOf(property: string, constraints: Record<string, string>): string[] {
  if ('whitelistValidation' in constraints) return [`${property} is not a field of this request`];
  const wrongType = constraints['isString'] ?? constraints['isNumber'] ?? constraints['isInt'];
  return wrongType === undefined ? Object.values(constraints) : [wrongType];
}
