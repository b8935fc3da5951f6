import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { Budgets } from './budgets.js';
import { TokenRateLimiter } from './token.rate-limiter.js';

/** Checks whether a caller has tokens and budget left for a run. */
@Injectable()
export class QuotaService {
  constructor(
    private readonly tokenLimiter: TokenRateLimiter,
    private readonly budgets: Budgets,
  ) {}

  /** @throws AgentError `rate_limited` or `token_budget_exhausted` */
  async assertAvailable(principal: Principal): Promise<void> {
    await this.tokenLimiter.assertAvailable(principal);
    await this.budgets.assertAvailable(principal);
  }
}
