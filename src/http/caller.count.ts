import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { countedAs, limitOf, RateLimit, refuseBeyond } from './rate-limit.guard.js';
import { WindowStorage } from './window.storage.js';

/** Counts what callers ask by other doors than a route, in the windows in which the guard counts. */
@Injectable()
export class CallerCount {
  constructor(
    private readonly limit: RateLimit,
    private readonly storage: WindowStorage,
  ) {}

  /** @throws AgentError `rate_limited` */
  async add(principal: Principal): Promise<void> {
    const limit = limitOf(principal, this.limit);
    const { requests, windowSeconds } = limit;
    if (requests === 0) return;
    refuseBeyond(limit, await this.storage.increment(countedAs(principal), windowSeconds * 1000, requests));
  }
}
