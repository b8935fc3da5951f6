import type { FastifyRequest } from 'fastify';
import { authenticateCaller, type Authenticator, type AuthThrottle, callerAddress, type Principal } from '../index.js';

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
  const principal = await authenticateCaller(credentials, { authenticator, authThrottle });
  principals.set(request.raw, principal);
  return principal;
}
