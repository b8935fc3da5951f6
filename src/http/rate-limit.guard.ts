import { Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
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
  readonly #policy: string;

  constructor(
    // The base class has its own tokens in these places; named here, ours stand.
    @Inject(RateLimit) private readonly limit: RateLimit,
    @Inject(WindowStorage) storage: WindowStorage,
    reflector: Reflector,
  ) {
    const { requests, windowSeconds } = limit;
    super({ throttlers: [{ limit: requests, ttl: windowSeconds * 1000 }] }, storage, reflector);
    this.#policy = `"default";q=${requests};w=${windowSeconds}`;
  }

  protected override shouldSkip(): Promise<boolean> {
    return Promise.resolve(this.limit.requests === 0);
  }

  protected override async handleRequest({ context, limit, ttl, blockDuration }: ThrottlerRequest): Promise<boolean> {
    const http = context.switchToHttp();
    const { principal } = callerOf(http.getRequest());
    const hits = await this.storageService.increment(principal.id, ttl, limit, blockDuration, 'default');
    const remaining = Math.max(0, limit - hits.totalHits);
    const response = http.getResponse<HttpResponse>();
    response.header('RateLimit-Policy', this.#policy);
    response.header('RateLimit', `"default";r=${remaining};t=${hits.timeToExpire}`);
    refuseBeyond(this.limit, hits);
    return true;
  }
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
