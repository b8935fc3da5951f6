import { type ApiKeyParts, hashOf, isSameHash, readApiKey } from './api-key.format.js';
import { Authenticator, bearerOf, type Credentials, endUserOf } from './authenticator.js';
import { authFailure, type AuthFailure } from './auth.failure.js';
import { type ApiKeyRow, type CachedKey, ApiKeyCache } from './api-key.cache.js';
import type { Principal } from './principal.js';

/** Interval of the checks whether the key of a request in progress is still valid. */
const POLL_INTERVAL_MS = 500;

/** Authenticates callers by their API keys, from `Authorization: Bearer rk_…` or `X-API-Key`. */
export class ApiKeyAuthenticator extends Authenticator {
  constructor(private readonly keys: ApiKeyCache) {
    super();
  }

  override async authenticate(credentials: Credentials): Promise<Principal> {
    const parts = partsOf(credentials);
    const cached = await this.#verifiedKey(parts);
    const inactive = inactiveReason(cached.row);
    if (inactive) throw authFailure({ reason: inactive[0], key: keyOf(cached.row) }, inactive[1]);
    this.keys.touchLastUsed(cached.row);
    const endUser = endUserOf(credentials);
    return endUser === undefined ? cached.principal : { ...cached.principal, endUser };
  }

  override onCredentialsExpired({ id }: Principal, listener: () => void): () => void {
    const keyId = id.slice(id.indexOf(':') + 1);
    const timer = setInterval(() => void this.#checkActive(keyId, listener), POLL_INTERVAL_MS).unref();
    return () => clearInterval(timer);
  }

  /**
   * The key with that secret. A mismatch reads the key again: another process may have rotated it.
   *
   * @throws AgentError `unauthenticated`, the same for an unknown id and a wrong secret: ids cannot be probed.
   */
  async #verifiedKey({ id, secret }: ApiKeyParts): Promise<CachedKey> {
    const cached = await this.keys.find(id);
    if (cached && matchesSecret(cached.row, secret)) return cached;
    const current = cached && (await this.keys.read(id));
    if (current && matchesSecret(current.row, secret)) return current;
    throw authFailure({ reason: 'unknown', key: current && keyOf(current.row) }, 'The API key is not valid.');
  }

  async #checkActive(keyId: string, listener: () => void): Promise<void> {
    try {
      const cached = await this.keys.find(keyId);
      if (cached === undefined || inactiveReason(cached.row) !== undefined) listener();
    } catch {
      // The database is unavailable, so the state of the key is unknown until the next check.
    }
  }
}

function partsOf(credentials: Credentials): ApiKeyParts {
  const header = credentials.headers['x-api-key'];
  const given = bearerOf(credentials) ?? (typeof header === 'string' ? header : undefined);
  if (given === undefined) {
    const detail = 'An API key is required: send `Authorization: Bearer rk_…` or `X-API-Key: rk_…`.';
    throw authFailure({ reason: 'missing' }, detail);
  }
  const parts = readApiKey(given);
  if (parts === undefined) {
    throw authFailure({ reason: 'malformed' }, 'The credentials are not an API key. Keys begin with rk_.');
  }
  return parts;
}

/** The previous secret stays valid for a while after a rotation. */
function matchesSecret({ hash, previous_hash, previous_until }: ApiKeyRow, secret: string): boolean {
  const given = hashOf(secret);
  if (isSameHash(given, hash)) return true;
  return previous_hash !== null && (previous_until ?? 0) > Date.now() && isSameHash(given, previous_hash);
}

/** Why a key is invalid, and the sentence about it; undefined if it is valid. */
function inactiveReason({ revoked_at, expires_at }: ApiKeyRow): readonly ['revoked' | 'expired', string] | undefined {
  if (revoked_at !== null) return ['revoked', 'The API key was revoked.'];
  return expires_at !== null && expires_at <= Date.now() ? ['expired', 'The API key has expired.'] : undefined;
}

function keyOf({ key_id: id, tenant }: ApiKeyRow): AuthFailure['key'] {
  return { id, tenant };
}
