import { applyDecorators, Controller, UseFilters, UseGuards, VERSION_NEUTRAL } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequireScope } from '../auth/auth.guard.js';
import type { Scope } from '../auth/scopes.js';
import { limitRoutes } from '../http/api.decorator.js';
import { ApiGuard } from '../http/api.guard.js';
import { OPENAI_PREFIX } from '../http/api.prefixes.js';
import { guardsInOrder } from '../http/guards.in.order.js';
import { OpenAIErrors } from './openai-error.dto.js';
import { OpenAIErrorFilter } from './openai-error.filter.js';
import { OpenAIRateLimitGuard } from './openai-rate-limit.guard.js';

/** The order in which a request is checked. */
const OPENAI_GUARD = guardsInOrder(ApiGuard, OpenAIRateLimitGuard);

/**
 * Declares a controller of the OpenAI-compatible API: the authentication, limits and headers of all other routes, but
 * OpenAI's error bodies. Bodies are read by the API itself, because OpenAI's clients send fields that it ignores.
 */
export function OpenAIController(tag: string, scope: Scope): ClassDecorator {
  return applyDecorators(
    Controller({ path: OPENAI_PREFIX, version: VERSION_NEUTRAL }),
    RequireScope(scope),
    UseGuards(OPENAI_GUARD),
    UseFilters(OpenAIErrorFilter),
    ApiTags(tag),
    OpenAIErrors(
      'malformed_request',
      'validation_failed',
      'unauthenticated',
      'forbidden',
      'rate_limited',
      'internal_error',
      'storage_unavailable',
      'identity_unavailable',
    ),
    limitRoutes(OpenAIErrors('request_timeout')),
  );
}
