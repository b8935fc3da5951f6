import { type ApiKeyParts, hashOf, isSameHash, readApiKey } from './api.key.js';
import { Authenticator, bearerOf, type Credentials, endUserOf, unauthenticated } from './authenticator.js';
import { type ApiKeyRow, type KnownKey, ApiKeyCache } from './api-key.cache.js';
import type { Principal } from './principal.js';

/** Interval of the checks whether the key of a request in progress is still valid. */
const LOOK_MS = 500;

/** Authenticates callers by their API keys, from `Authorization: Bearer rk_…` or `X-API-Key`. */
export class ApiKeyAuthenticator extends Authenticator {
  constructor(private readonly keys: ApiKeyCache) {
    super();
  }

  override async authenticate(credentials: Credentials): Promise<Principal> {
    const parts = partsOf(credentials);
    const known = await this.#proven(parts);
    // An unknown id and a wrong secret get the same answer, so that ids cannot be probed.
    if (known === undefined) throw unauthenticated('The API key is not valid.');
    assertActive(known.row);
    this.keys.touchLastUsed(known.row);
    const endUser = endUserOf(credentials);
    return endUser === undefined ? known.principal : { ...known.principal, endUser };
  }

  override onLapse({ id }: Principal, listener: () => void): () => void {
    const keyId = id.slice(id.indexOf(':') + 1);
    const timer = setInterval(() => void this.#look(keyId, listener), LOOK_MS).unref();
    return () => clearInterval(timer);
  }

  /** The key with that secret. A mismatch reads the key again: another process may have rotated it. */
  async #proven({ id, secret }: ApiKeyParts): Promise<KnownKey | undefined> {
    const known = await this.keys.find(id);
    if (known === undefined || matchesSecret(known.row, secret)) return known;
    const current = await this.keys.read(id);
    return current && matchesSecret(current.row, secret) ? current : undefined;
  }

  async #look(keyId: string, listener: () => void): Promise<void> {
    try {
      const known = await this.keys.find(keyId);
      if (known === undefined || inactiveReason(known.row) !== undefined) listener();
    } catch {
      // The database is unavailable, so the state of the key is unknown until the next check.
    }
  }
}

function partsOf(credentials: Credentials): ApiKeyParts {
  const header = credentials.headers['x-api-key'];
  const given = bearerOf(credentials) ?? (typeof header === 'string' ? header : undefined);
  if (given === undefined) {
    throw unauthenticated('An API key is required: send `Authorization: Bearer rk_…` or `X-API-Key: rk_…`.');
  }
  const parts = readApiKey(given);
  if (parts === undefined) throw unauthenticated('The credentials are not an API key. Keys begin with rk_.');
  return parts;
}

/** The previous secret stays valid for a while after a rotation. */
function matchesSecret({ hash, previous_hash, previous_until }: ApiKeyRow, secret: string): boolean {
  const given = hashOf(secret);
  if (isSameHash(given, hash)) return true;
  return previous_hash !== null && (previous_until ?? 0) > Date.now() && isSameHash(given, previous_hash);
}

function assertActive(row: ApiKeyRow): void {
  const why = inactiveReason(row);
  if (why !== undefined) throw unauthenticated(why);
}

/** Why a key is invalid; undefined if it is valid. */
function inactiveReason({ revoked_at, expires_at }: ApiKeyRow): string | undefined {
  if (revoked_at !== null) return 'The API key was revoked.';
  return expires_at !== null && expires_at <= Date.now() ? 'The API key has expired.' : undefined;
}
