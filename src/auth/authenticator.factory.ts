import { AnonymousAuthenticator } from './anonymous.authenticator.js';
import { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { Authenticator } from './authenticator.js';
import { CombinedAuthenticator } from './combined.authenticator.js';
import { JwtAuthenticator } from './tokens/jwt.authenticator.js';
import type { JwtOptions } from './tokens/jwt.options.js';
import type { ApiKeyCache } from './api-key.cache.js';

/**
 * How callers are authenticated: not at all, by keys of `KeysService`, by tokens of identity providers, by both, or by
 * your own Authenticator. Tokens need the package `jose`.
 *
 * @example
 * import { AgentModule, type AuthOptions } from 'rookery';
 *
 * const auth: AuthOptions = {
 *   jwt: { issuer: 'https://login.example.com/', audience: 'https://agents.example.com' },
 *   apiKeys: true,
 * };
 *
 * AgentModule.forRoot({ auth });
 */
export type AuthOptions =
  | 'none'
  | 'api-key'
  | {
      /** Requirements for tokens of an identity provider, or of several. A token goes to the issuer that it names. */
      readonly jwt: JwtOptions | readonly JwtOptions[];
      /** True: keys of `KeysService` are accepted too. Default: false. */
      readonly apiKeys?: boolean | undefined;
    }
  | Authenticator;

/** The options of the auth module. */
export abstract class AuthModuleOptions {
  abstract readonly auth: AuthOptions;
  /** Whether log lines have the network addresses of callers. */
  abstract readonly logAddresses: boolean;
  /** Whether calls with keys must name an end user, unless the key has a rule of its own. */
  abstract readonly requireEndUser: boolean;
}

/** @throws Error if a package is missing. */
export async function createAuthenticator(options: AuthModuleOptions, cache: ApiKeyCache): Promise<Authenticator> {
  const { auth, requireEndUser } = options;
  if (auth instanceof Authenticator) return auth;
  if (auth === 'none') return new AnonymousAuthenticator();
  const keys = new ApiKeyAuthenticator(cache, requireEndUser);
  if (auth === 'api-key') return keys;
  const tokens = await JwtAuthenticator.create(auth.jwt);
  return auth.apiKeys === true ? new CombinedAuthenticator(keys, tokens) : tokens;
}
