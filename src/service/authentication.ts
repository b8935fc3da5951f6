import type { FastifyRequest } from 'fastify';
import { AgentError, type Authenticator, type AuthThrottle, callerAddress, type Principal } from '../index.js';

/** Authenticates a request without a guard. A failed attempt counts against its address. */
export async function authenticate(
  request: FastifyRequest,
  authenticator: Authenticator,
  authThrottle: AuthThrottle,
): Promise<Principal> {
  const address = callerAddress(request);
  try {
    return await authenticator.authenticate({ headers: request.headers, address });
  } catch (failure) {
    // An outage of the database or the identity provider is not a failed attempt.
    if (failure instanceof AgentError && failure.code === 'unauthenticated') await authThrottle.add(address);
    throw failure;
  }
}
