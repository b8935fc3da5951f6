import type { ApiKeyAuthenticator } from './api-key.authenticator.js';
import { looksLikeApiKey } from './api-key.format.js';
import { authFailure } from './auth.failure.js';
import { Authenticator, bearerOf, type Credentials } from './authenticator.js';
import type { JwtAuthenticator } from './tokens/jwt.authenticator.js';
import type { Principal } from './principal.js';

/** Accepts API keys and tokens. A bearer that begins as a key is a key; any other is a token. */
export class CombinedAuthenticator extends Authenticator {
  constructor(
    private readonly keys: ApiKeyAuthenticator,
    private readonly tokens: JwtAuthenticator,
  ) {
    super();
  }

  override async authenticate(credentials: Credentials): Promise<Principal> {
    const bearer = bearerOf(credentials);
    if (bearer === undefined && credentials.headers['x-api-key'] === undefined) {
      const detail = 'An API key or a token is required: send `Authorization: Bearer …` or `X-API-Key: …`.';
      throw authFailure({ reason: 'missing' }, detail);
    }
    const isToken = bearer !== undefined && !looksLikeApiKey(bearer);
    return await (isToken ? this.tokens : this.keys).authenticate(credentials);
  }

  override credentialOf(credentials: Credentials): string | undefined {
    return this.keys.credentialOf(credentials);
  }

  override onCredentialsExpired(principal: Principal, listener: () => void): () => void {
    const authenticator = principal.id.startsWith('key:') ? this.keys : this.tokens;
    return authenticator.onCredentialsExpired(principal, listener);
  }
}
