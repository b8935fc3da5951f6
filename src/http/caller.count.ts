import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { RateLimit, refuseBeyond } from './rate-limit.guard.js';
import { WindowStorage } from './window.storage.js';

/** Counts what callers ask by other doors than a route, in the windows in which the guard counts. */
@Injectable()
export class CallerCount {
  constructor(
    private readonly limit: RateLimit,
    private readonly storage: WindowStorage,
  ) {}

  /** @throws AgentError `rate_limited` */
  async add({ id }: Principal): Promise<void> {
    const { requests, windowSeconds } = this.limit;
    if (requests === 0) return;
    refuseBeyond(this.limit, await this.storage.increment(id, windowSeconds * 1000, requests));
  }
}
