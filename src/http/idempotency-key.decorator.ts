import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { invalidField } from '../errors/agent.error.js';
import type { HttpRequest, HttpResponse } from './http.types.js';

const NAME = 'Idempotency-Key';
const REPLAYED = 'Idempotent-Replayed';
/** Visible characters, either bare or quoted as a structured field. */
const KEY = /^(?:"([\x21\x23-\x5b\x5d-\x7e]{1,255})"|([\x21\x23-\x5b\x5d-\x7e]{1,255}))$/;

/** Injects the idempotency key of the request; undefined if the caller sent none. */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyKeyOf(context.switchToHttp().getRequest()),
);

/** @throws AgentError `validation_failed` if the key is invalid. */
export function idempotencyKeyOf({ headers }: HttpRequest): string | undefined {
  const given = headers['idempotency-key'];
  if (given === undefined) return undefined;
  const [, quoted, bare] = KEY.exec(String(given)) ?? [];
  const key = quoted ?? bare;
  if (key === undefined) throw invalidField(NAME, `${NAME} must be 1–255 visible ASCII characters`);
  return key;
}

/** Marks a response as a replay of an earlier one. */
export function markReplayed(response: HttpResponse, isReplayed: boolean): void {
  if (isReplayed) response.header(REPLAYED, 'true');
}

/** Documents that an operation accepts an idempotency key. */
export function ApiIdempotent(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: NAME,
      required: false,
      description: `Identifies this request for 24 hours. A repeat gets the first answer with \`${REPLAYED}: true\`.`,
      schema: { type: 'string', minLength: 1, maxLength: 255 },
      example: '0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11',
    }),
  );
}
