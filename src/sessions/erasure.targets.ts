import { hashOf } from '../storage/pending.erasures.js';
import type { SessionKey } from './session.key.js';

/** Identifies an erasure without names. A repeat of the erasure has the same target. */
export function sessionTarget({ tenant, session_id }: SessionKey): string {
  return hashOf('session', tenant, session_id);
}

export function endUserTarget(tenant: string, endUser: string): string {
  return hashOf('end user', tenant, endUser);
}

export function tenantTarget(tenant: string): string {
  return hashOf('tenant', tenant);
}
