import { applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { invalidField } from '../errors/agent.error.js';
import { type WaitingCaller, waitingCallerOf } from './caller.decorator.js';
import type { HttpRequest, HttpResponse } from './http.exchange.js';
import { Optional } from './schema.decorator.js';
import { TenantQuery } from './tenant.query.js';

const NAME = 'Last-Event-ID';
/** Numbers are kept in 32 bits. */
export const LAST_NUMBER = 2 ** 31 - 1;

/** From where on events are wanted. */
export class EventsQuery extends TenantQuery {
  /**
   * The number of the last event that the caller has; left out: all of them. `Last-Event-ID` means the same.
   * @example 3
   */
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(LAST_NUMBER)
  @ApiProperty({ type: 'integer', minimum: 0, maximum: LAST_NUMBER, required: false })
  after?: number;
}

/** A caller that reads events, perhaps for the second time. */
export interface Reader extends WaitingCaller {
  /** The last event that it has; undefined where it does not say. */
  readonly lastEventId: number | undefined;
}

/** Injects the Reader of a request. */
export const EventReader = createParamDecorator((_: unknown, context: ExecutionContext): Reader => {
  const http = context.switchToHttp();
  return readerOf(http.getRequest(), http.getResponse());
});

export function readerOf(request: HttpRequest, response: HttpResponse): Reader {
  return { ...waitingCallerOf(request, response), lastEventId: lastEventIdOf(request) };
}

function lastEventIdOf({ headers }: HttpRequest): number | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  const number = Number(given);
  if (/^\d{1,10}$/.test(String(given)) && number <= LAST_NUMBER) return number;
  throw invalidField(NAME, `${NAME} must be the number of an event`);
}

/** Documents that an operation can go on behind an event. */
export function ApiResumable(): MethodDecorator {
  return applyDecorators(
    ApiHeader({
      name: NAME,
      required: false,
      description: 'The number of the last event that the caller has. Browsers send it by themselves.',
      schema: { type: 'integer', minimum: 0, maximum: LAST_NUMBER },
      example: 3,
    }),
  );
}
