import type { FastifyRequest } from 'fastify';
import { AgentError, type Authenticator, type AuthThrottle, callerAddress, type Principal } from '../index.js';

/** The codes that count, as on the routes of the module. */
const FAILED_ATTEMPTS: ReadonlySet<string> = new Set(['unauthenticated', 'forbidden', 'validation_failed']);
const principals = new WeakMap<object, Principal>();

/** The caller of a request that `authenticate` has accepted. */
export function knownPrincipalOf({ raw }: FastifyRequest): Principal | undefined {
  return principals.get(raw);
}

/** Authenticates a request without a guard. A failed attempt counts against its address. */
export async function authenticate(
  request: FastifyRequest,
  authenticator: Authenticator,
  authThrottle: AuthThrottle,
): Promise<Principal> {
  const credentials = { headers: request.headers, address: callerAddress(request) };
  const { address } = credentials;
  authThrottle.refuseKnown(address, () => authenticator.credentialOf(credentials));
  try {
    const principal = await authenticator.authenticate(credentials);
    principals.set(request.raw, principal);
    return principal;
  } catch (failure) {
    // An outage of the database or the identity provider is not a failed attempt.
    if (!(failure instanceof AgentError && FAILED_ATTEMPTS.has(failure.code))) throw failure;
    const isRefused = failure.code === 'unauthenticated';
    await authThrottle.add(address, failure, isRefused ? authenticator.credentialOf(credentials) : undefined);
    throw failure;
  }
}
