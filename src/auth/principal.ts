import { networkOf } from './caller.address.js';
import { requireScope, type Scope, SCOPES } from './scopes.js';

/** Limits of one caller, which replace the default limits. */
export interface CallerLimits {
  /** Default: the limit of `rateLimit`. */
  readonly requestsPerMinute?: number | undefined;
  /** Input and output tokens in a calendar month, UTC. Default: no limit. */
  readonly tokensPerMonth?: number | undefined;
  /** US dollars in a calendar month, UTC. Default: no limit. */
  readonly costPerMonth?: number | undefined;
}

/** The agents and models that a caller may run. */
export interface CallerAccess {
  /** The roles of the agents that the caller may run, also through other agents. Default: all. */
  readonly agentRoles?: readonly string[] | undefined;
  /** The models whose agents the caller may run, by the names that agents and releases use. Default: all. */
  readonly models?: readonly string[] | undefined;
}

/** The caller: every row belongs to its tenant, every limit to its id. */
export interface Principal {
  /** The owner of all rows of the caller: 1–128 of A–Z a–z 0–9 . _ : - */
  readonly tenant: string;
  /**
   * Identifies the caller in limits, usage and logs; never a secret. It ends with the end user, as in `user:ada`, if the
   * credentials are theirs alone.
   */
  readonly id: string;
  /** Its permissions on our routes; `admin` includes all others. Left out: no permissions. */
  readonly scopes?: readonly Scope[] | undefined;
  /** The end user within the tenant. The caller reaches only their rows. Left out: all rows of the tenant. */
  readonly endUser?: string | undefined;
  /** Limits of this caller. Default: those of the module. */
  readonly limits?: CallerLimits | undefined;
  /** The agents and models that this caller may run. Default: all. */
  readonly access?: CallerAccess | undefined;
}

/** The owner of rows: a tenant, or one of its end users. */
export type Owner = Pick<Principal, 'tenant' | 'endUser'>;

/** Valid names of tenants. */
export const TENANT = /^[A-Za-z0-9._:-]{1,128}$/;

/** Excludes `admin`: without authentication the operator cannot be identified. */
const NON_ADMIN_SCOPES = SCOPES.filter((scope) => scope !== 'admin');

/** The principal without authentication: one tenant, and an id from the network address, of IPv6 from its /64. */
export function anonymous(address: string, endUser?: string): Principal {
  return { tenant: 'default', id: `ip:${networkOf(address)}`, scopes: NON_ADMIN_SCOPES, endUser };
}

/**
 * The principal of host code: the default of services that an application injects. It reaches all rows of the tenant
 * `default`. On behalf of a caller, pass the principal of that caller instead.
 *
 * @example
 * import { AgentRunnerService, HOST_PRINCIPAL } from 'rookery';
 *
 * async function stop(runner: AgentRunnerService, runId: string) {
 *   await runner.cancel(runId, HOST_PRINCIPAL);
 * }
 */
export const HOST_PRINCIPAL: Principal = { tenant: 'default', id: 'host', scopes: SCOPES };

/**
 * The caller as a principal of that tenant. An operator may name any tenant, and reaches all its rows.
 *
 * @throws AgentError `forbidden` if another caller names a foreign tenant.
 */
export function inTenant(principal: Principal, tenant: string | undefined): Principal {
  if (tenant === undefined) return principal;
  const mayName = isOperator(principal);
  if (!mayName && tenant !== principal.tenant) requireScope(principal, 'admin');
  return mayName ? { ...principal, tenant, endUser: undefined } : principal;
}

/** Whether the caller may reach every tenant. */
export function isOperator({ scopes }: Pick<Principal, 'scopes'>): boolean {
  return scopes?.includes('admin') === true;
}

/**
 * True if the credentials belong to the end user alone, as a token does. A key or an address may act for many end users:
 * neither its usage nor its scopes belong to one person.
 */
export function isPersonal({ id, endUser }: Pick<Principal, 'id' | 'endUser'>): boolean {
  if (endUser === undefined || /^(key|ip):/.test(id)) return false;
  return id.startsWith('sub:') || id === endUser || id.endsWith(`:${endUser}`);
}

/** The id of a principal whose token has that `sub`. */
export function idOfSubject(sub: string): string {
  return `sub:${sub}`;
}
