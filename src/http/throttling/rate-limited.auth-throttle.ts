import { Injectable } from '@nestjs/common';
import { networkOf } from '../../auth/caller.address.js';
import { AuthThrottle } from '../../auth/auth.throttle.js';
import { AgentError } from '../../errors/agent.error.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { AuthFailureLog } from './auth-failure.log.js';
import { WindowStorage } from './window.storage.js';
import { HttpModuleOptions } from '../http.options.js';

const WINDOW_MS = 60_000;

/**
 * Limits failed authentications per address. Valid credentials are never checked against the limit, so a neighbour
 * behind the same address cannot lock a caller out.
 */
@Injectable()
export class RateLimitedAuthThrottle extends AuthThrottle {
  constructor(
    private readonly options: HttpModuleOptions,
    private readonly storage: WindowStorage,
    private readonly metrics: AgentMetrics,
    private readonly failures: AuthFailureLog,
  ) {
    super();
  }

  override async add(address: string, failure?: AgentError): Promise<void> {
    const network = networkOf(address);
    this.failures.add(network, failure);
    const { authFailureLimit } = this.options;
    if (authFailureLimit === 0) return;
    // Tenant names contain no spaces, so this key never collides with a caller's window.
    const key = `failed authentication/${network}`;
    const { isBlocked, timeToBlockExpire } = await this.storage.increment(key, WINDOW_MS, authFailureLimit);
    if (!isBlocked) return;
    this.metrics.countRateLimited();
    throw new AgentError('rate_limited', {
      detail: `Too many failed authentications from this address. Try again in ${timeToBlockExpire} s.`,
      retryAfterSeconds: timeToBlockExpire,
    });
  }
}
