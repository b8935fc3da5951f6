import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { invalidField } from '../errors/agent.error.js';
import type { HttpRequest } from './http.exchange.js';
import { Optional } from './schema.decorator.js';

const NAME = 'Last-Event-ID';
/** Numbers are kept in 32 bits. */
export const LAST_NUMBER = 2 ** 31 - 1;

/** From where on events are wanted. */
export class EventsQuery {
  /**
   * The number of the last event that the caller has; left out: all of them. `Last-Event-ID` means the same.
   * @example 3
   */
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(LAST_NUMBER)
  @ApiProperty({ type: 'integer', required: false })
  after?: number;
}

/** Injects the `Last-Event-ID` of a reader that comes back; undefined where it gave none. */
export const LastEventId = createParamDecorator((_: unknown, context: ExecutionContext): number | undefined => {
  const given = context.switchToHttp().getRequest<HttpRequest>().headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  const number = Number(given);
  if (/^\d{1,10}$/.test(String(given)) && number <= LAST_NUMBER) return number;
  throw invalidField(NAME, `${NAME} must be the number of an event`);
});

/** Documents that an operation can go on behind an event. */
export function ApiResumable(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: NAME,
      required: false,
      description: 'The number of the last event that the caller has. Browsers send it by themselves.',
      schema: { type: 'integer', minimum: 0, maximum: LAST_NUMBER },
      example: '3',
    }),
  );
}
