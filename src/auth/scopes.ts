import { AgentError } from '../errors/agent.error.js';

/** Permissions that credentials may have. */
export const SCOPES = [
  'chat',
  'tasks',
  'approvals',
  'sessions:read',
  'sessions:write',
  'usage:read',
  'metrics',
  'releases:pin',
  // For operators: includes all other scopes, and reaches every tenant.
  'admin',
] as const;

/** One permission of credentials. */
export type Scope = (typeof SCOPES)[number];

/**
 * The known scopes among the words; others may be meant for other services.
 *
 * @example
 * import { scopesAmong } from 'rookery';
 *
 * scopesAmong('openid chat tasks'.split(' ')); // ['chat', 'tasks']
 */
export function scopesAmong(values: readonly unknown[]): Scope[] {
  return SCOPES.filter((scope) => values.includes(scope));
}

/** Whether the caller has the scope, or `admin`, which includes all. */
export function hasScope({ scopes = [] }: { readonly scopes?: readonly Scope[] | undefined }, scope: Scope): boolean {
  return scopes.includes(scope) || scopes.includes('admin');
}

const NEEDS_AUTHENTICATION =
  'This needs credentials, but the service has no authentication. Its operator can set AUTH_MODE, or `auth` of the module.';

/** The id of a caller without authentication has their address. */
function isAnonymous({ id = '' }: { readonly id?: string }): boolean {
  return id.startsWith('ip:');
}

function lacking(scope: Scope): string {
  return `These credentials lack the scope ${scope}.`;
}

/** @throws AgentError `forbidden` that names the scope, if the caller lacks it and its alternatives. */
export function requireScope(
  caller: { readonly id?: string; readonly scopes?: readonly Scope[] | undefined },
  scope: Scope,
  alternatives: readonly Scope[] = [],
): void {
  if ([scope, ...alternatives].some((each) => hasScope(caller, each))) return;
  throw new AgentError('forbidden', { detail: isAnonymous(caller) ? NEEDS_AUTHENTICATION : lacking(scope) });
}
