import { type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ThrottlerGuard, type ThrottlerRequest } from '@nestjs/throttler';
import { authContextOf } from '../../auth/auth.guard.js';
import type { Principal } from '../../auth/principal.js';
import { HttpModuleOptions } from '../http.options.js';
import type { HttpRequest, HttpResponse } from '../http.types.js';
import { RateLimiter } from './rate.limiter.js';
import { rateLimitFields, type RateLimitState, REQUEST_LIMITS, stateOf } from './rate.limits.js';
import { WindowStorage } from './window.storage.js';

/**
 * Counts every request of a caller and of its tenant, across all routes. Reports the windows, also those of tokens, in
 * the header fields of IETF draft-11 (`RateLimit-Policy`, `RateLimit`).
 */
@Injectable()
export class RateLimitGuard extends ThrottlerGuard {
  readonly #counts = new WeakMap<ExecutionContext, Promise<RateLimitState>[]>();

  constructor(
    // The base class declares its own tokens for these parameters, which would be those of the host; @Inject overrides
    // them.
    @Inject(HttpModuleOptions) { rateLimits }: HttpModuleOptions,
    @Inject(WindowStorage) storage: WindowStorage,
    reflector: Reflector,
    private readonly limiter: RateLimiter,
  ) {
    const throttlers = Object.entries(REQUEST_LIMITS).map(([name, limitOf]) => {
      const limit = (context: ExecutionContext) => limitOf(principalOf(context), rateLimits);
      return {
        name,
        limit: (context: ExecutionContext) => limit(context).quota,
        ttl: (context: ExecutionContext) => limit(context).windowSeconds * 1000,
        skipIf: (context: ExecutionContext) => limit(context).quota === 0,
        getTracker: (_: object, context: ExecutionContext) => limit(context).key,
      };
    });
    super({ throttlers }, storage, reflector);
  }

  override async canActivate(context: ExecutionContext): Promise<boolean> {
    const counts: Promise<RateLimitState>[] = [];
    this.#counts.set(context, counts);
    await super.canActivate(context);
    counts.push(...this.limiter.tokens(principalOf(context)));
    if (counts.length === 0) return true;
    const states = await Promise.all(counts);
    const response = context.switchToHttp().getResponse<HttpResponse>();
    for (const [name, value] of Object.entries(this.headersFor(states))) response.header(name, value);
    this.limiter.refuseBeyond(states);
    return true;
  }

  /** The headers of an answer. Guards of other APIs add their own. */
  protected headersFor(states: readonly RateLimitState[]): Readonly<Record<string, string>> {
    return rateLimitFields(states);
  }

  /** Does not wait for the count, so that all windows of a request share one round trip. */
  protected override handleRequest(request: ThrottlerRequest): Promise<boolean> {
    this.#counts.get(request.context)?.push(this.#count(request));
    return Promise.resolve(true);
  }

  /** One window over all routes. */
  protected override generateKey(_: ExecutionContext, tracker: string): string {
    return tracker;
  }

  async #count(request: ThrottlerRequest): Promise<RateLimitState> {
    const { context, limit, ttl, blockDuration, throttler, getTracker, generateKey } = request;
    const { name = '' } = throttler;
    const tracker = await getTracker(context.switchToHttp().getRequest(), context);
    const key = generateKey(context, tracker, name);
    const hits = await this.storageService.increment(key, ttl, limit, blockDuration, name);
    const window = { name: name === 'caller' ? 'default' : name, quota: limit, windowSeconds: ttl / 1000, key };
    return stateOf({ ...window, unit: 'requests' }, hits.totalHits, hits.timeToExpire);
  }
}

function principalOf(context: ExecutionContext): Principal {
  return authContextOf(context.switchToHttp().getRequest<HttpRequest>()).principal;
}
