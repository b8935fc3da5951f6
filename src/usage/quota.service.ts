import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { RateLimiter } from '../http/throttling/rate.limiter.js';
import { Budgets } from './budgets.js';

/** Checks whether a caller has tokens and budget left for a run. */
@Injectable()
export class QuotaService {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly budgets: Budgets,
  ) {}

  /** @throws AgentError `rate_limited` or `token_budget_exhausted` */
  async assertAvailable(principal: Principal): Promise<void> {
    await this.limiter.requireTokens(principal);
    await this.budgets.assertAvailable(principal);
  }
}
