import type { AuthFailure } from './auth.failure.js';
import { isOperator, type Principal, TENANT } from './principal.js';

/** An access by an authenticated caller. */
export interface Access {
  readonly principal: Principal;
  /** The method and the template of the route, or the pattern of a message. */
  readonly route: string;
  /** The ids of the request, as the audit takes them. */
  readonly requestId: { readonly id: string; readonly ownId: string };
}

/** Records who reached, or tried to reach, what is not their own. Bounded, so that no caller can fill the audit. */
export abstract class AccessAudit {
  /** Records that an operator reaches the data of another tenant. @throws AgentError `storage_unavailable` */
  abstract tenantRead(access: Access, tenant: string): Promise<void>;

  /** Records that the caller lacks the rights of an operator. Never rejects. */
  abstract denied(access: Access): Promise<void>;

  /** Records that somebody could not be authenticated. Never rejects. */
  abstract failed(failure: AuthFailure): Promise<void>;
}

/**
 * Records that a request names another tenant than that of its caller. Whether the caller may is checked elsewhere.
 *
 * @param tenant as the request has it, not validated yet.
 * @throws AgentError `storage_unavailable`: no operator reads without an entry.
 */
export async function auditTenant(audit: AccessAudit, access: Access, tenant: unknown): Promise<void> {
  const { principal } = access;
  if (typeof tenant !== 'string' || tenant === principal.tenant || !TENANT.test(tenant)) return;
  if (isOperator(principal)) await audit.tenantRead(access, tenant);
  else await audit.denied(access);
}
