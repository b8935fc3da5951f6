import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { RateLimiter } from '../http/throttling/rate.limiter.js';
import type { TokenUsage } from './token.usage.js';

/** Token limits of callers and tenants. Usage counts after it happened; new runs are refused while a window is full. */
@Injectable()
export class TokenRateLimiter {
  constructor(private readonly limiter: RateLimiter) {}

  add(principal: Principal, usage: TokenUsage | undefined): void {
    if (usage) this.limiter.addTokens(principal, usage.inputTokens + usage.outputTokens);
  }
}
