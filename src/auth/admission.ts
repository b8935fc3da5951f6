import { AgentError } from '../errors/agent.error.js';
import type { Authenticator, Credentials } from './authenticator.js';
import type { FailedAttempts } from './failed.attempts.js';
import type { Principal } from './principal.js';
import { requireScope, type Scope } from './scopes.js';

/** Who was found to call, and how to hear that his credentials have ended. */
export interface Admission {
  readonly principal: Principal;
  readonly onLapse: (listener: () => void) => () => void;
}

/** Who is asked at every door. */
interface Doorkeepers {
  readonly authenticator: Authenticator;
  readonly failedAttempts: FailedAttempts;
}

/** Finds out who calls, and whether he may. @throws AgentError */
export async function admit(credentials: Credentials, scope: Scope, at: Doorkeepers): Promise<Admission> {
  const principal = await authenticated(credentials, at);
  requireScope(principal, scope);
  return { principal, onLapse: (listener) => at.authenticator.onLapse(principal, listener) };
}

/** Whoever fails too often is told so, and no longer why. */
async function authenticated(
  credentials: Credentials,
  { authenticator, failedAttempts }: Doorkeepers,
): Promise<Principal> {
  try {
    return await authenticator.authenticate(credentials);
  } catch (failure) {
    if (failure instanceof AgentError && failure.code === 'unauthenticated') {
      await failedAttempts.add(credentials.address);
    }
    throw failure;
  }
}
