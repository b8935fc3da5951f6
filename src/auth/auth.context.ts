import { authenticateCaller, type AuthProviders } from './authenticate.caller.js';
import type { Credentials } from './authenticator.js';
import type { Principal } from './principal.js';

/** An authenticated caller, and a way to watch for the end of their credentials. */
export interface AuthContext {
  readonly principal: Principal;
  readonly onCredentialsExpired: (listener: () => void) => () => void;
}

/** Authenticates the caller. Failures count against the address. @throws AgentError */
export async function authorize(credentials: Credentials, providers: AuthProviders): Promise<AuthContext> {
  const principal = await authenticateCaller(credentials, providers);
  const { authenticator } = providers;
  return { principal, onCredentialsExpired: (listener) => authenticator.onCredentialsExpired(principal, listener) };
}
