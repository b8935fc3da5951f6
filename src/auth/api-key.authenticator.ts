import { type ApiKeyParts, hashOf, isSameHash, readApiKey } from './api.key.js';
import { Authenticator, bearerOf, type Credentials, endUserOf, unauthenticated } from './authenticator.js';
import { type ApiKeyRow, type KnownKey, KnownKeys } from './known.keys.js';
import type { Principal } from './principal.js';

/** How often it is looked whether the keys of those who are being answered still stand. */
const LOOK_MS = 500;

/** Knows callers by their keys, from `Authorization: Bearer rk_…` or `X-API-Key`. */
export class ApiKeyAuthenticator extends Authenticator {
  constructor(private readonly keys: KnownKeys) {
    super();
  }

  override async authenticate(credentials: Credentials): Promise<Principal> {
    const parts = partsOf(credentials);
    const known = await this.#proven(parts);
    // One answer for what is not there and what does not fit: ids are not to be tried out.
    if (known === undefined) throw unauthenticated('There is no such key.');
    requireStanding(known.row);
    this.keys.noteUse(known.row);
    const endUser = endUserOf(credentials);
    return endUser === undefined ? known.principal : { ...known.principal, endUser };
  }

  override onLapse({ id }: Principal, listener: () => void): () => void {
    const keyId = id.slice(id.indexOf(':') + 1);
    const timer = setInterval(() => void this.#look(keyId, listener), LOOK_MS).unref();
    return () => clearInterval(timer);
  }

  /** The key with that secret. It is read again if it may have got the secret since: another process rotates keys, too. */
  async #proven({ id, secret }: ApiKeyParts): Promise<KnownKey | undefined> {
    const known = await this.keys.find(id);
    if (known === undefined || isProven(known.row, secret)) return known;
    const current = await this.keys.read(id);
    return current && isProven(current.row, secret) ? current : undefined;
  }

  async #look(keyId: string, listener: () => void): Promise<void> {
    try {
      const known = await this.keys.find(keyId);
      if (known === undefined || whyFallen(known.row) !== undefined) listener();
    } catch {
      // The database is away: nothing is known of the key, and the next look comes soon.
    }
  }
}

function partsOf(credentials: Credentials): ApiKeyParts {
  const header = credentials.headers['x-api-key'];
  const given = bearerOf(credentials) ?? (typeof header === 'string' ? header : undefined);
  if (given === undefined) {
    throw unauthenticated('A key is needed, as `Authorization: Bearer rk_…` or `X-API-Key: rk_…`.');
  }
  const parts = readApiKey(given);
  if (parts === undefined) throw unauthenticated('What was sent is not a key: keys begin with rk_.');
  return parts;
}

/** After a rotation the secret before is good for a while. */
function isProven({ hash, previous_hash, previous_until }: ApiKeyRow, secret: string): boolean {
  const given = hashOf(secret);
  if (isSameHash(given, hash)) return true;
  return previous_hash !== null && (previous_until ?? 0) > Date.now() && isSameHash(given, previous_hash);
}

function requireStanding(row: ApiKeyRow): void {
  const why = whyFallen(row);
  if (why !== undefined) throw unauthenticated(why);
}

/** Why a key is good no more; undefined: it is. */
function whyFallen({ revoked_at, expires_at }: ApiKeyRow): string | undefined {
  if (revoked_at !== null) return 'The key was revoked.';
  return expires_at !== null && expires_at <= Date.now() ? 'The key has expired.' : undefined;
}
