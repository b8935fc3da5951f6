import type { Principal } from '../../auth/principal.js';
import { AgentError } from '../../errors/agent.error.js';
import type { RateLimits } from '../http.options.js';

/** A limit on the count of one window. */
export interface RateLimit {
  /** The name in the RateLimit header fields. */
  readonly name: string;
  readonly unit: 'requests' | 'tokens';
  /** 0: no limit. */
  readonly quota: number;
  readonly windowSeconds: number;
  /** Identifies the caller or tenant of the window. */
  readonly key: string;
}

/** The current state of a window. */
export interface RateLimitState extends RateLimit {
  readonly remaining: number;
  /** Seconds until the window resets. */
  readonly secondsLeft: number;
  readonly isBlocked: boolean;
}

/** The limits on requests, by the names of their throttlers. */
export const REQUEST_LIMITS = {
  /** A limit of the caller replaces the general one. */
  caller: ({ tenant, id, limits }: Principal, { requests, windowSeconds }: RateLimits): RateLimit => {
    const own = limits?.requestsPerMinute;
    const limit = own === undefined ? { quota: requests, windowSeconds } : { quota: own, windowSeconds: 60 };
    return { name: 'default', unit: 'requests', ...limit, key: `${tenant}/${id}` };
  },
  tenant: ({ tenant }: Principal, { tenantRequests: quota, windowSeconds }: RateLimits): RateLimit => {
    return { name: 'tenant', unit: 'requests', quota, windowSeconds, key: `${tenant}/` };
  },
} as const;

/** Names of tenants have no slash, so no window of requests begins with one. */
const TOKENS = '/tokens/';

/** The limits on the tokens of a caller and its tenant. */
export function tokenLimits({ tenant, id }: Principal, options: RateLimits): RateLimit[] {
  const { windowSeconds, tokens, tenantTokens } = options;
  const unit = { unit: 'tokens', windowSeconds } as const;
  const limits: RateLimit[] = [
    { name: 'tokens', ...unit, quota: tokens, key: `${TOKENS}${tenant}/${id}` },
    { name: 'tenant-tokens', ...unit, quota: tenantTokens, key: `${TOKENS}${tenant}/` },
  ];
  return limits.filter(({ quota }) => quota > 0);
}

/** The state of a window with that count. */
export function stateOf(limit: RateLimit, total: number, secondsLeft: number): RateLimitState {
  const { quota } = limit;
  return { ...limit, remaining: Math.max(0, quota - total), secondsLeft, isBlocked: total > quota };
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

/** The error of a caller beyond that limit. */
export function rateLimited({ name, unit, quota, windowSeconds, secondsLeft }: RateLimitState): AgentError {
  const whose = name.startsWith('tenant') ? ' of the tenant' : '';
  return new AgentError('rate_limited', {
    detail: `At most ${quota} ${unit}${whose} in ${windowSeconds} seconds. Try again in ${secondsLeft} s.`,
    retryAfterSeconds: secondsLeft,
  });
}
