import { AgentError } from '../errors/agent.error.js';
import type { Authenticator, Credentials } from './authenticator.js';
import type { AuthThrottle } from './auth.throttle.js';
import type { Principal } from './principal.js';
import { requireScope, type Scope } from './scopes.js';

/** An authenticated caller, and a way to watch for the end of their credentials. */
export interface AuthContext {
  readonly principal: Principal;
  readonly onCredentialsExpired: (listener: () => void) => () => void;
}

/** Dependencies of the authentication. */
interface AuthDependencies {
  readonly authenticator: Authenticator;
  readonly authThrottle: AuthThrottle;
}

/** Authenticates the caller and checks the scope. @throws AgentError */
export async function authorize(credentials: Credentials, scope: Scope, at: AuthDependencies): Promise<AuthContext> {
  const principal = await authenticate(credentials, at);
  requireScope(principal, scope);
  return { principal, onCredentialsExpired: (listener) => at.authenticator.onCredentialsExpired(principal, listener) };
}

/** After too many failures an address gets `rate_limited` instead of the reason. */
async function authenticate(
  credentials: Credentials,
  { authenticator, authThrottle }: AuthDependencies,
): Promise<Principal> {
  try {
    return await authenticator.authenticate(credentials);
  } catch (failure) {
    if (failure instanceof AgentError && failure.code === 'unauthenticated') {
      await authThrottle.add(credentials.address);
    }
    throw failure;
  }
}
