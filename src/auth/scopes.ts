import { AgentError } from '../errors/agent.error.js';

/** What credentials may be good for. */
export const SCOPES = [
  'chat',
  'tasks',
  'sessions:read',
  'sessions:write',
  'usage:read',
  'metrics',
  // The operator's: it includes all others, and reaches every tenant.
  'admin',
] as const;

/** One thing that credentials may be good for. */
export type Scope = (typeof SCOPES)[number];

/** Those of the words that are scopes of ours; others may be meant for other services. */
export function scopesAmong(words: readonly unknown[]): Scope[] {
  return SCOPES.filter((scope) => words.includes(scope));
}

/** @throws AgentError `forbidden` that names the scope, where the caller lacks it. */
export function requireScope({ scopes = [] }: { readonly scopes?: readonly Scope[] | undefined }, scope: Scope): void {
  if (scopes.includes(scope) || scopes.includes('admin')) return;
  throw new AgentError('forbidden', { detail: `These credentials lack the scope ${scope}.` });
}
