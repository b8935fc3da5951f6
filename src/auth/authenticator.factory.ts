import { AnonymousAuthenticator } from './anonymous.authenticator.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { Authenticator } from './authenticator.js';
import { JwtAuthenticator, type JwtOptions } from './jwt.authenticator.js';
import type { ApiKeyCache } from './api-key.cache.js';

/**
 * How callers are authenticated: not at all, by keys of `KeysService`, by tokens of an identity provider, or by your
 * own Authenticator. Tokens need the package `jose`.
 *
 * @example
 * import { AgentModule, type AuthOptions } from 'rookery';
 *
 * const auth: AuthOptions = {
 *   jwt: {
 *     issuer: 'https://login.example.com/',
 *     audience: 'https://agents.example.com',
 *     jwksUri: 'https://login.example.com/.well-known/jwks.json',
 *   },
 * };
 *
 * AgentModule.forRoot({ auth });
 */
export type AuthOptions =
  | 'none'
  | 'api-key'
  | {
      /** Requirements for tokens of an identity provider. */
      readonly jwt: JwtOptions;
    }
  | Authenticator;

/** The options of the auth module. */
export abstract class AuthModuleOptions {
  abstract readonly auth: AuthOptions;
  /** Whether log lines have the network addresses of callers. */
  abstract readonly logAddresses: boolean;
}

/** @throws Error if a package is missing. */
export async function createAuthenticator({ auth }: AuthModuleOptions, keys: ApiKeyCache): Promise<Authenticator> {
  if (auth instanceof Authenticator) return auth;
  if (auth === 'none') return new AnonymousAuthenticator();
  return auth === 'api-key' ? new ApiKeyAuthenticator(keys) : await JwtAuthenticator.create(auth.jwt);
}
