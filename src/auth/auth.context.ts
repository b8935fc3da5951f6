import { AgentError } from '../errors/agent.error.js';
import type { Authenticator, Credentials } from './authenticator.js';
import type { AuthThrottle } from './auth.throttle.js';
import { isOperator, type Principal } from './principal.js';
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
  /** Called if an authenticated caller lacks the scope of an operator. */
  readonly onDenied: (principal: Principal) => Promise<void>;
}

/**
 * Authenticates the caller and checks that they have one of the scopes. After too many failures an address gets `rate_limited` instead of the
 * reason.
 *
 * @throws AgentError
 */
export async function authorize(
  credentials: Credentials,
  [scope, ...alternatives]: readonly [Scope, ...Scope[]],
  { authenticator, authThrottle, onDenied }: AuthDependencies,
): Promise<AuthContext> {
  try {
    const principal = await authenticator.authenticate(credentials);
    if (scope === 'admin' && !isOperator(principal)) await onDenied(principal);
    requireScope(principal, scope, alternatives);
    return { principal, onCredentialsExpired: (listener) => authenticator.onCredentialsExpired(principal, listener) };
  } catch (failure) {
    if (failure instanceof AgentError && failure.code === 'unauthenticated') {
      await authThrottle.add(credentials.address, failure);
    }
    throw failure;
  }
}
