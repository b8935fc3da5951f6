import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { AgentError } from '../../errors/agent.error.js';
import { WindowStorage } from './window.storage.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { HttpModuleOptions } from '../http.options.js';

/** A limit on the count of one window. */
interface Policy {
  /** The name in the RateLimit header fields. */
  readonly name: string;
  readonly unit: 'requests' | 'tokens';
  readonly quota: number;
  readonly windowSeconds: number;
  /** Identifies the caller or tenant of the window. */
  readonly key: string;
}

/** The current state of a window. */
export interface RateLimitState extends Policy {
  readonly remaining: number;
  /** Seconds until the window resets. */
  readonly secondsLeft: number;
  readonly isBlocked: boolean;
}

/** Enforces the rate limits of callers, for every transport. */
@Injectable()
export class RateLimiter {
  readonly #logger = new Logger(RateLimiter.name);

  constructor(
    private readonly options: HttpModuleOptions,
    private readonly storage: WindowStorage,
    private readonly metrics: AgentMetrics,
  ) {}

  isLimited(principal: Principal): boolean {
    return this.#policiesOf(principal).length > 0;
  }

  /** Counts a request. Returns the states of all windows of the caller, including tokens. */
  async count(principal: Principal): Promise<RateLimitState[]> {
    const policies = this.#policiesOf(principal);
    return await Promise.all(policies.map((policy) => this.#add(policy, policy.unit === 'requests' ? 1 : 0)));
  }

  /** Counts a request. @throws AgentError `rate_limited` */
  async consume(principal: Principal): Promise<void> {
    if (this.isLimited(principal)) this.refuseBeyond(await this.count(principal));
  }

  /** Counts used tokens. Does not wait for the storage. */
  addTokens(principal: Principal, tokens: number): void {
    for (const policy of this.#tokensOf(principal)) {
      this.#add(policy, tokens).catch((cause: unknown) => this.#logger.warn({ cause, msg: 'failed to count tokens' }));
    }
  }

  /** @throws AgentError `rate_limited` if the tokens of a window are used up. */
  async requireTokens(principal: Principal): Promise<void> {
    for (const policy of this.#tokensOf(principal)) {
      const state = await this.#add(policy, 0);
      if (state.remaining === 0) throw this.#refusal(state);
    }
  }

  /** @throws AgentError `rate_limited` if a window has more requests than its limit. */
  refuseBeyond(states: readonly RateLimitState[]): void {
    const blocked = states.find(({ unit, isBlocked }) => unit === 'requests' && isBlocked);
    if (blocked) throw this.#refusal(blocked);
  }

  #refusal(state: RateLimitState): AgentError {
    this.metrics.countRateLimited();
    return refusal(state);
  }

  #tokensOf(principal: Principal): Policy[] {
    return this.#policiesOf(principal).filter(({ unit }) => unit === 'tokens');
  }

  #policiesOf({ tenant, id, limits }: Principal): Policy[] {
    const { requests, windowSeconds, tokens, tenantRequests, tenantTokens } = this.options.rateLimits;
    const caller = `${tenant}/${id}`;
    const own = limits?.requestsPerMinute;
    // A limit of the caller replaces the general one.
    const requestLimit = own === undefined ? { quota: requests, windowSeconds } : { quota: own, windowSeconds: 60 };
    const policies: Policy[] = [
      { name: 'default', unit: 'requests', ...requestLimit, key: caller },
      { name: 'tenant', unit: 'requests', quota: tenantRequests, windowSeconds, key: `${tenant}/` },
      { name: 'tokens', unit: 'tokens', quota: tokens, windowSeconds, key: `tokens:${caller}` },
      { name: 'tenant-tokens', unit: 'tokens', quota: tenantTokens, windowSeconds, key: `tokens:${tenant}/` },
    ];
    return policies.filter(({ quota }) => quota > 0);
  }

  async #add(policy: Policy, points: number): Promise<RateLimitState> {
    const { quota, windowSeconds, key } = policy;
    const { total, secondsLeft } = await this.storage.add(key, windowSeconds * 1000, points);
    return { ...policy, remaining: Math.max(0, quota - total), secondsLeft, isBlocked: total > quota };
  }
}

/** Builds the RateLimit header fields of IETF draft-11. */
export function rateLimitFields(states: readonly RateLimitState[]): Record<'RateLimit-Policy' | 'RateLimit', string> {
  const policyOf = ({ name, unit, quota, windowSeconds }: RateLimitState): string =>
    `"${name}";q=${quota};w=${windowSeconds}${unit === 'tokens' ? ';qu="tokens"' : ''}`;
  return {
    'RateLimit-Policy': states.map(policyOf).join(', '),
    RateLimit: states.map(({ name, remaining, secondsLeft }) => `"${name}";r=${remaining};t=${secondsLeft}`).join(', '),
  };
}

function refusal({ name, unit, quota, windowSeconds, secondsLeft }: RateLimitState): AgentError {
  const whose = name.startsWith('tenant') ? ' of the tenant' : '';
  return new AgentError('rate_limited', {
    detail: `At most ${quota} ${unit}${whose} in ${windowSeconds} seconds. Try again in ${secondsLeft} s.`,
    retryAfterSeconds: secondsLeft,
  });
}
