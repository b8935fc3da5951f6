import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { RateLimiter } from '../http/throttling/rate.limiter.js';
import { Budgets } from './budgets.js';
import { type PlannedSession, SessionQuota } from './quotas/session.quota.js';
import { StorageQuota } from './quotas/storage.quota.js';

/** Checks the limits of a new run: tokens and budget of its caller, sessions and storage of its tenant. */
@Injectable()
export class QuotaService {
  constructor(
    private readonly limiter: RateLimiter,
    private readonly budgets: Budgets,
    private readonly storage: StorageQuota,
    private readonly sessions: SessionQuota,
  ) {}

  /** @throws AgentError `rate_limited`, `token_budget_exhausted` or `quota_exceeded`. */
  async assertAvailable(principal: Principal, session: PlannedSession): Promise<void> {
    await this.limiter.requireTokens(principal);
    await this.budgets.assertAvailable(principal);
    await this.storage.assertRoom(session.tenant);
    // The last check counts the session as begun.
    await this.sessions.assertRoom(session);
  }
}
