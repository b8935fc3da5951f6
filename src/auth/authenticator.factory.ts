import { AnonymousAuthenticator } from './anonymous.authenticator.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { Authenticator } from './authenticator.js';
import { JwtAuthenticator, type JwtOptions } from './jwt.authenticator.js';
import type { KnownKeys } from './known.keys.js';

/**
 * How callers are known: not at all, by the keys of `KeysService`, by the tokens of an identity provider (needs the
 * package `jose`), or by an Authenticator of your own.
 */
export type AuthOptions = 'none' | 'api-key' | { readonly jwt: JwtOptions } | Authenticator;

/** @throws Error when a package is missing. */
export async function createAuthenticator(auth: AuthOptions, keys: KnownKeys): Promise<Authenticator> {
  if (auth instanceof Authenticator) return auth;
  if (auth === 'none') return new AnonymousAuthenticator();
  return auth === 'api-key' ? new ApiKeyAuthenticator(keys) : await JwtAuthenticator.create(auth.jwt);
}
