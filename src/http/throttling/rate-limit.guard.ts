import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import { callerOf } from '../caller.decorator.js';
import { RateLimiter, rateLimitFields } from './rate.limiter.js';
import type { HttpResponse } from '../http.types.js';
import { WindowStorage } from './window.storage.js';
import { HttpModuleOptions } from '../http.options.js';

/**
 * Counts every request of a caller, across all routes. Reports the remaining requests in the header fields of IETF
 * draft-11 (`RateLimit-Policy`, `RateLimit`).
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    // The base class declares its own tokens for these parameters; @Inject overrides them.
    @Inject(HttpModuleOptions) { rateLimits }: HttpModuleOptions,
    @Inject(WindowStorage) storage: WindowStorage,
    reflector: Reflector,
    private readonly limiter: RateLimiter,
  ) {
    super({ throttlers: [{ limit: rateLimits.requests, ttl: rateLimits.windowSeconds * 1000 }] }, storage, reflector);
  }

  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    const { principal } = callerOf(context.switchToHttp().getRequest());
    return Promise.resolve(!this.limiter.isLimited(principal));
  }

  protected override async handleRequest({ context }: ThrottlerRequest): Promise<boolean> {
    const http = context.switchToHttp();
    const states = await this.limiter.count(callerOf(http.getRequest()).principal);
    const response = http.getResponse<HttpResponse>();
    for (const [name, value] of Object.entries(rateLimitFields(states))) response.header(name, value);
    this.limiter.refuseBeyond(states);
    return true;
  }
}
