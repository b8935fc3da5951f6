import {
  applyDecorators,
  Controller,
  UseFilters,
  UseGuards,
  UseInterceptors,
  UsePipes,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { METHOD_METADATA } from '@nestjs/common/constants.js';
import { ApiExtraModels, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { RequireScope } from '../auth/auth.guard.js';
import type { Scope } from '../auth/scopes.js';
import { ERROR_CODES, type ErrorCode } from '../errors/error.codes.js';
import { ApiGuard } from './api.guard.js';
import { API_PREFIX } from './api.prefixes.js';
import { ErrorFilter } from './error.filter.js';
import { guardsInOrder } from './guards.in.order.js';
import { ErrorResponse, ProblemDetails } from './error-response.dto.js';
import { RateLimitGuard } from './throttling/rate-limit.guard.js';
import { isLimited, TimeoutInterceptor } from './timeout.interceptor.js';
import { ValidationGuard } from './validation/validation.guard.js';
import { RequestPipe } from './validation/validation.pipe.js';

export { ADMIN_PREFIX, API_PREFIX, API_V2_PREFIX } from './api.prefixes.js';

/** The order in which a request is checked. */
const API_GUARD = guardsInOrder(ApiGuard, RateLimitGuard, ValidationGuard);

/**
 * Declares a controller with the cross-cutting HTTP concerns: authentication, rate limits, validation, time limits
 * and ErrorResponse bodies. They are bound to the controller, so the routes of the host stay unchanged.
 *
 * @param scope the scope that callers need, unless a route sets another one with `RequireScope`.
 */
export function ApiController(tag: string, scope: Scope, prefix = API_PREFIX): ClassDecorator {
  return applyDecorators(
    Controller({ path: prefix, version: VERSION_NEUTRAL }),
    RequireScope(scope),
    UseGuards(API_GUARD),
    UsePipes(new RequestPipe()),
    UseFilters(ErrorFilter),
    ApiTags(tag),
    ApiErrors(
      'malformed_request',
      'unauthenticated',
      'forbidden',
      'validation_failed',
      'rate_limited',
      'internal_error',
      'storage_unavailable',
      'identity_unavailable',
    ),
    limitRoutes(ApiErrors('request_timeout')),
  );
}

/** Limits the time of each route without `WithoutTimeout`, and documents it. An interceptor costs each of its requests. */
export function limitRoutes(document: MethodDecorator): ClassDecorator {
  return ({ prototype }: { readonly prototype: object }) => {
    for (const [name, route] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
      const handler: unknown = route.value;
      if (typeof handler !== 'function' || !Reflect.hasMetadata(METHOD_METADATA, handler)) continue;
      if (!isLimited(handler)) continue;
      UseInterceptors(TimeoutInterceptor)(prototype, name, route);
      document(prototype, name, route);
    }
  };
}

/** Documents the error responses of an operation, each with an example. */
export function ApiErrors(...codes: readonly ErrorCode[]): MethodDecorator & ClassDecorator {
  const byStatus = Map.groupBy(codes, (code) => ERROR_CODES[code].status);
  const responses = [...byStatus].map(([status, [...alike]]) =>
    ApiResponse({
      status,
      description: alike.map((code) => `\`${code}\`: ${ERROR_CODES[code].detail}`).join(' '),
      ...(alike.some((code) => ERROR_CODES[code].isRetryable) ? { headers: RETRY_AFTER } : {}),
      content: {
        'application/json': {
          schema: { $ref: getSchemaPath(ErrorResponse) },
          examples: Object.fromEntries(alike.map((code) => [code, { value: exampleOf(code) }])),
        },
        'application/problem+json': { schema: { $ref: getSchemaPath(ProblemDetails) } },
      },
    }),
  );
  return applyDecorators(ApiExtraModels(ErrorResponse, ProblemDetails), ...responses);
}

/** Documents the header of an error that may pass. */
export const RETRY_AFTER = {
  'Retry-After': {
    description: 'Seconds until a retry makes sense.',
    schema: { type: 'integer' as const, minimum: 1, maximum: 86_400 },
  },
};

function exampleOf(code: ErrorCode): object {
  const { detail } = ERROR_CODES[code];
  const body = { error: code, detail, request_id: '0b9f9f0e-3a52-4c4c-9f0c-1f2d8a2b7c11' };
  return code === 'validation_failed' ? { ...body, errors: [{ field: 'temperature', message: detail }] } : body;
}
