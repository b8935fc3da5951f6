import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { Budgets } from './budgets.js';
import { TokenWindows } from './token.windows.js';

/** Checks whether a caller has tokens and budget left for a run. */
@Injectable()
export class QuotaService {
  constructor(
    private readonly windows: TokenWindows,
    private readonly budgets: Budgets,
  ) {}

  /** @throws AgentError `rate_limited` or `token_budget_exhausted` */
  async assertAvailable(principal: Principal): Promise<void> {
    await this.windows.requireSome(principal);
    await this.budgets.requireSome(principal);
  }
}
