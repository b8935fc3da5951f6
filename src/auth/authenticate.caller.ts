import { AgentError } from '../errors/agent.error.js';
import type { Authenticator, Credentials } from './authenticator.js';
import type { AuthThrottle } from './auth.throttle.js';
import type { Principal } from './principal.js';

/** Failures that count although the credentials may be valid, elsewhere or for others of the same network. */
const VALID: ReadonlySet<string> = new Set(['forbidden', 'validation_failed']);

/** The providers that authenticate callers and count their failures. */
export interface AuthProviders {
  /** Verifies the credentials. */
  readonly authenticator: Authenticator;
  /** Counts failures by address. */
  readonly authThrottle: AuthThrottle;
}

/**
 * Authenticates a caller, and counts a failure against their address. Refused credentials and malformed headers count.
 * So do valid credentials that may not be used there. An outage of the database or of the identity provider does not.
 * After too many failures the address gets `rate_limited` instead of the reason, and a refused credential is not verified
 * again.
 *
 * @throws AgentError of the authenticator, or `rate_limited`.
 *
 * @example
 * import type { IncomingMessage } from 'node:http';
 * import { authenticateCaller, Authenticator, AuthThrottle, callerAddress } from 'rookery';
 *
 * class Reports {
 *   constructor(
 *     private readonly authenticator: Authenticator,
 *     private readonly authThrottle: AuthThrottle,
 *   ) {}
 *
 *   async tenantOf(request: IncomingMessage) {
 *     const credentials = { headers: request.headers, address: callerAddress(request) };
 *     const { authenticator, authThrottle } = this;
 *     return (await authenticateCaller(credentials, { authenticator, authThrottle })).tenant;
 *   }
 * }
 */
export async function authenticateCaller(
  credentials: Credentials,
  { authenticator, authThrottle }: AuthProviders,
): Promise<Principal> {
  const { address } = credentials;
  authThrottle.refuseKnown(address, () => authenticator.credentialOf(credentials));
  try {
    return await authenticator.authenticate(credentials);
  } catch (failure) {
    if (!(failure instanceof AgentError)) throw failure;
    const isRefused = failure.code === 'unauthenticated';
    const credential = isRefused ? authenticator.credentialOf(credentials) : undefined;
    if (isRefused || VALID.has(failure.code)) await authThrottle.add(address, failure, credential);
    throw failure;
  }
}
