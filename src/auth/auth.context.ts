import { AgentError } from '../errors/agent.error.js';
import type { Authenticator, Credentials } from './authenticator.js';
import type { AuthThrottle } from './auth.throttle.js';
import type { Principal } from './principal.js';

/** An authenticated caller, and a way to watch for the end of their credentials. */
export interface AuthContext {
  readonly principal: Principal;
  readonly onCredentialsExpired: (listener: () => void) => () => void;
}

/** Failures whose credentials may be valid. */
const VALID: ReadonlySet<string> = new Set(['forbidden', 'validation_failed']);

/** Dependencies of the authentication. */
interface AuthDependencies {
  readonly authenticator: Authenticator;
  readonly authThrottle: AuthThrottle;
}

/**
 * Authenticates the caller. Refused credentials and malformed headers count as failures of the address. So do valid
 * credentials that may not be used there. After too many failures the address gets `rate_limited` instead of the reason,
 * and a refused credential is not verified again.
 *
 * @throws AgentError
 */
export async function authorize(
  credentials: Credentials,
  { authenticator, authThrottle }: AuthDependencies,
): Promise<AuthContext> {
  const { address } = credentials;
  authThrottle.refuseKnown(address, () => authenticator.credentialOf(credentials));
  try {
    const principal = await authenticator.authenticate(credentials);
    return { principal, onCredentialsExpired: (listener) => authenticator.onCredentialsExpired(principal, listener) };
  } catch (failure) {
    if (!(failure instanceof AgentError)) throw failure;
    if (failure.code === 'unauthenticated') {
      await authThrottle.add(address, failure, authenticator.credentialOf(credentials));
    }
    // The credential may be valid for others of the same network.
    if (VALID.has(failure.code)) await authThrottle.add(address, failure);
    throw failure;
  }
}
