import type { Principal } from '../../auth/principal.js';
import { REQUEST_LIMITS, tokenLimits } from './rate.limits.js';

const LIMITS = { requests: 1, windowSeconds: 1, tokens: 1, tenantRequests: 1, tenantTokens: 1 };

const keysOf = (principal: Principal): string[] => [
  ...Object.values(REQUEST_LIMITS).map((limitOf) => limitOf(principal, LIMITS).key),
  ...tokenLimits(principal, LIMITS).map(({ key }) => key),
];

describe('the windows of callers', () => {
  it('are shared by no two tenants, whatever their names and ids', () => {
    const principals: Principal[] = [
      { tenant: 'acme', id: 'sub:x' },
      { tenant: 'tokens:acme', id: 'sub:x' },
      { tenant: 'tokens', id: 'acme/sub:x' },
      { tenant: 'tokens', id: '/acme/sub:x' },
    ];
    const keys = principals.flatMap(keysOf);
    // Two principals of one tenant share the two windows of their tenant.
    expect(new Set(keys).size).toBe(keys.length - 2);
  });
});
