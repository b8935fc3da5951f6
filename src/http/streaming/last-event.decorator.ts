import {
  applyDecorators,
  type CanActivate,
  createParamDecorator,
  type ExecutionContext,
  type Type as Class,
  UseGuards,
} from '@nestjs/common';
import { ApiHeader } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsInt, Max, Min } from 'class-validator';
import { ApiProperty } from '@nestjs/swagger';
import { invalidField } from '../../errors/agent.error.js';
import { type AbortableCaller, abortableCallerOf } from '../caller.decorator.js';
import type { HttpRequest, HttpResponse } from '../http.types.js';
import { Optional } from '../validation/schema.decorator.js';
import { TenantQuery } from '../tenant.query.js';
import { WithoutTimeout } from '../timeout.interceptor.js';
import { StreamGuard } from './stream.guard.js';

const NAME = 'Last-Event-ID';
/** Sequence numbers are stored as int4. */
export const MAX_SEQUENCE = 2 ** 31 - 1;

/** The position from which to send events. */
export class EventsQuery extends TenantQuery {
  /**
   * The number of the last event that the caller has received. Default: send all events. Same as `Last-Event-ID`.
   * @example 3
   */
  @Optional()
  @Type(() => Number)
  @IsInt()
  @Min(0)
  @Max(MAX_SEQUENCE)
  @ApiProperty({ type: 'integer', minimum: 0, maximum: MAX_SEQUENCE, required: false })
  after?: number;
}

/** A caller that reads events and may resume after an interruption. */
export interface StreamCaller extends AbortableCaller {
  /** The number of the last event that the caller has received; undefined if not given. */
  readonly lastEventId: number | undefined;
}

/** Injects the StreamCaller of a request. */
export const CurrentStreamCaller = createParamDecorator((_: unknown, context: ExecutionContext): StreamCaller => {
  const http = context.switchToHttp();
  return streamCallerOf(http.getRequest(), http.getResponse());
});

export function streamCallerOf(request: HttpRequest, response: HttpResponse): StreamCaller {
  return { ...abortableCallerOf(request, response), lastEventId: lastEventIdOf(request) };
}

function lastEventIdOf({ headers }: HttpRequest): number | undefined {
  const given = headers['last-event-id'];
  if (given === undefined || given === '') return undefined;
  const number = Number(given);
  if (/^\d{1,10}$/.test(String(given)) && number <= MAX_SEQUENCE) return number;
  throw invalidField(NAME, `${NAME} must be the number of an event`);
}

/**
 * Declares a stream of events: it can resume after an event, and has no time limit.
 *
 * @param guard counts the streams of the caller.
 */
export function ApiResumable(guard: Class<CanActivate> = StreamGuard): MethodDecorator {
  return applyDecorators(
    WithoutTimeout(),
    UseGuards(guard),
    ApiHeader({
      name: NAME,
      required: false,
      description: 'The number of the last event that the caller has received. Browsers send it automatically.',
      schema: { type: 'integer', minimum: 0, maximum: MAX_SEQUENCE },
      example: 3,
    }),
  );
}
