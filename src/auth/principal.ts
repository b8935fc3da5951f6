import { requireScope, type Scope, SCOPES } from './scopes.js';

/** What one caller may use, in the place of what everyone may. */
export interface CallerLimits {
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMonth?: number | undefined;
  /** In US dollars. */
  readonly costPerMonth?: number | undefined;
}

/** Who calls: every row belongs to its tenant, every limit to its id. */
export interface Principal {
  readonly tenant: string;
  /** Names the caller within limits and logs; never a secret. */
  readonly id: string;
  /** What it may do by our routes; `admin` includes all others. Left out: nothing. */
  readonly scopes?: readonly Scope[] | undefined;
  /** On whose behalf within the tenant: it reaches the rows of this end user alone. Left out: all of the tenant's. */
  readonly endUser?: string | undefined;
  readonly limits?: CallerLimits | undefined;
}

/** Whose rows are meant: all of a tenant, or those of one of its end users. */
export type Owner = Pick<Principal, 'tenant' | 'endUser'>;

/** What a tenant may be called. */
export const TENANT = /^[A-Za-z0-9._:-]{1,128}$/;

/** Not the operator's: without authentication nobody can be told from him. */
const EVERYONES = SCOPES.filter((scope) => scope !== 'admin');

/** The principal of a service without authentication: one tenant, told apart by network address. */
export function anonymous(address: string, endUser?: string): Principal {
  return { tenant: 'default', id: `ip:${address}`, scopes: EVERYONES, endUser };
}

/** Code of the host that calls the engine directly, on nobody's behalf. */
export const HOST_PRINCIPAL: Principal = { tenant: 'default', id: 'host', scopes: SCOPES };

/**
 * The caller, as it asks for the rows of that tenant: the operator names any, and reaches all that is in it.
 *
 * @throws AgentError `forbidden` where somebody else names a tenant that is not his own.
 */
export function inTenant(principal: Principal, tenant: string | undefined): Principal {
  if (tenant === undefined) return principal;
  const isOperator = principal.scopes?.includes('admin') === true;
  if (!isOperator && tenant !== principal.tenant) requireScope(principal, 'admin');
  return isOperator ? { ...principal, tenant, endUser: undefined } : principal;
}

/** The id of who is known by the `sub` of a token. */
export function idOfSubject(sub: string): string {
  return `sub:${sub}`;
}
