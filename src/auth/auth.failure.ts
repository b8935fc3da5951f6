import { AgentError } from '../errors/agent.error.js';

/** Why a caller could not be authenticated. */
export type AuthFailureReason =
  'missing' | 'malformed' | 'unknown' | 'revoked' | 'expired' | 'signature' | 'claims' | 'address' | 'other';

/** A failed authentication. */
export interface AuthFailure {
  readonly reason: AuthFailureReason;
  /** The API key whose id was given, if it exists. */
  readonly key?: { readonly id: string; readonly tenant: string } | undefined;
}

const failures = new WeakMap<AgentError, AuthFailure>();

/** Creates an `unauthenticated` error with the facts for logs and the audit. Callers see only the detail. */
export function authFailure(failure: AuthFailure, detail: string, cause?: unknown): AgentError {
  return withFacts(failure, new AgentError('unauthenticated', { detail }, { cause }));
}

/** The same as a `forbidden` error: the credentials are valid, but not for this request. */
export function authRefusal(failure: AuthFailure, detail: string): AgentError {
  return withFacts(failure, new AgentError('forbidden', { detail }));
}

function withFacts(failure: AuthFailure, error: AgentError): AgentError {
  failures.set(error, failure);
  return error;
}

/** The facts of a failed authentication. An authenticator of the host gives none. */
export function authFailureOf(error: unknown): AuthFailure {
  return (error instanceof AgentError ? failures.get(error) : undefined) ?? { reason: 'other' };
}
