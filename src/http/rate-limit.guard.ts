import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { callerOf } from './caller.decorator.js';
import type { HttpResponse } from './http.exchange.js';
import { type WindowHits, WindowStorage } from './window.storage.js';

/** So many requests per caller and window; undefined where nothing is counted. */
export abstract class RateLimit {
  abstract readonly requests: number;
  abstract readonly windowSeconds: number;
}

/**
 * Counts every request of a caller, whichever route it takes, and says how many are left, in the fields of
 * the IETF draft-11 (`RateLimit-Policy`, `RateLimit`).
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  constructor(
    // The base class has its own tokens in these places; named here, ours stand.
    @Inject(RateLimit) private readonly limit: RateLimit,
    @Inject(WindowStorage) storage: WindowStorage,
    reflector: Reflector,
  ) {
    const { requests, windowSeconds } = limit;
    super({ throttlers: [{ limit: requests, ttl: windowSeconds * 1000 }] }, storage, reflector);
  }

  protected override shouldSkip(context: ExecutionContext): Promise<boolean> {
    const { principal } = callerOf(context.switchToHttp().getRequest());
    return Promise.resolve(limitOf(principal, this.limit).requests === 0);
  }

  protected override async handleRequest({ context, blockDuration }: ThrottlerRequest): Promise<boolean> {
    const http = context.switchToHttp();
    const { principal } = callerOf(http.getRequest());
    const limit = limitOf(principal, this.limit);
    const { requests, windowSeconds } = limit;
    const hits = await this.storageService.increment(
      countedAs(principal),
      windowSeconds * 1000,
      requests,
      blockDuration,
      'default',
    );
    const remaining = Math.max(0, requests - hits.totalHits);
    const response = http.getResponse<HttpResponse>();
    response.header('RateLimit-Policy', `"default";q=${requests};w=${windowSeconds}`);
    response.header('RateLimit', `"default";r=${remaining};t=${hits.timeToExpire}`);
    refuseBeyond(limit, hits);
    return true;
  }
}

/** A caller's own limit stands in the place of everyone's. */
export function limitOf({ limits }: Principal, everyones: RateLimit): RateLimit {
  const own = limits?.requestsPerMinute;
  return own === undefined ? everyones : { requests: own, windowSeconds: 60 };
}

/** Whose window it is. */
export function countedAs({ tenant, id }: Principal): string {
  return `${tenant}/${id}`;
}

/** @throws AgentError `rate_limited` where the window is used up. */
export function refuseBeyond(
  { requests, windowSeconds }: RateLimit,
  { isBlocked, timeToBlockExpire }: WindowHits,
): void {
  if (!isBlocked) return;
  throw new AgentError('rate_limited', {
    detail: `At most ${requests} requests in ${windowSeconds} seconds. Try again in ${timeToBlockExpire} s.`,
    retryAfterSeconds: timeToBlockExpire,
  });
}
