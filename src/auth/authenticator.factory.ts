import { AnonymousAuthenticator } from './anonymous.authenticator.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { Authenticator } from './authenticator.js';
import { JwtAuthenticator, type JwtOptions } from './jwt.authenticator.js';
import type { ApiKeyCache } from './api-key.cache.js';

/**
 * How callers are authenticated: not at all, by keys of `KeysService`, by tokens of an identity provider, or by your
 * own Authenticator. Tokens need the package `jose`.
 */
export type AuthOptions = 'none' | 'api-key' | { readonly jwt: JwtOptions } | Authenticator;

/** @throws Error if a package is missing. */
export async function createAuthenticator(auth: AuthOptions, keys: ApiKeyCache): Promise<Authenticator> {
  if (auth instanceof Authenticator) return auth;
  if (auth === 'none') return new AnonymousAuthenticator();
  return auth === 'api-key' ? new ApiKeyAuthenticator(keys) : await JwtAuthenticator.create(auth.jwt);
}
