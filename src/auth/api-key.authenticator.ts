import { type ApiKeyParts, hashOf, isSameHash, readApiKey } from './api-key.format.js';
import { Authenticator, bearerOf, type Credentials, endUserOf } from './authenticator.js';
import { authFailure, type AuthFailure } from './auth.failure.js';
import { type ApiKeyRow, type CachedKey, ApiKeyCache } from './api-key.cache.js';
import { assertAddress, assertEndUser } from './key.rules.js';
import type { Principal } from './principal.js';
import { SecretWatch } from './secret.watch.js';

/** The secret that a caller has proven, by its hash, and the row of its key at that time. */
interface Proof {
  readonly hash: string;
  readonly row: ApiKeyRow;
}

/** Authenticates callers by their API keys, from `Authorization: Bearer rookery_…` or `X-API-Key`. */
export class ApiKeyAuthenticator extends Authenticator {
  readonly #proofs = new WeakMap<Principal, Proof>();
  /** By the id of the key and the hash of the secret. */
  readonly #watches = new Map<string, SecretWatch>();

  /** @param isEndUserRequired whether keys without a rule of their own must name an end user. */
  constructor(
    private readonly keys: ApiKeyCache,
    private readonly isEndUserRequired = false,
  ) {
    super();
  }

  override async authenticate(credentials: Credentials): Promise<Principal> {
    const { id, secret } = partsOf(this.credentialOf(credentials));
    const hash = hashOf(secret);
    const cached = await this.#verifiedKey(id, hash);
    const inactive = inactiveReason(cached.row);
    if (inactive) throw authFailure({ reason: inactive[0], key: keyOf(cached.row) }, inactive[1]);
    this.keys.touchLastUsed(cached.row);
    assertAddress(cached.rules, credentials, keyOf(cached.row));
    const endUser = endUserOf(credentials);
    assertEndUser(cached.rules, endUser, this.isEndUserRequired);
    // Each request has its own object: others may have proven another secret of the key.
    const principal = { ...cached.principal, ...(endUser === undefined ? {} : { endUser }) };
    this.#proofs.set(principal, { hash, row: cached.row });
    return principal;
  }

  override credentialOf(credentials: Credentials): string | undefined {
    const header = credentials.headers['x-api-key'];
    return bearerOf(credentials) ?? (typeof header === 'string' ? header : undefined);
  }

  /**
   * Also calls `listener` once a rotation has replaced the secret and its overlap is over.
   *
   * @param principal the object that `authenticate` returned. A copy has proven no secret: rotations do not end it.
   */
  override onCredentialsExpired(principal: Principal, listener: () => void): () => void {
    const keyId = principal.id.slice(principal.id.indexOf(':') + 1);
    const proof = this.#proofs.get(principal);
    const name = `${keyId} ${proof?.hash ?? ''}`;
    let watch = this.#watches.get(name);
    if (watch === undefined) {
      watch = new SecretWatch(this.#validityOf(keyId, proof), () => this.#watches.delete(name));
      this.#watches.set(name, watch);
    }
    return watch.add(listener);
  }

  #validityOf(keyId: string, proof: Proof | undefined): () => Promise<boolean> {
    let known = proof?.row;
    return async () => {
      try {
        known = (await this.keys.find(keyId))?.row;
      } catch {
        // The database is unavailable. The times of the last known row still count.
        if (known === undefined) return true;
      }
      return known !== undefined && inactiveReason(known) === undefined && hasProven(known, proof);
    };
  }

  /**
   * The key with the secret of that hash. A mismatch reads the key again: another process may have rotated it.
   *
   * @throws AgentError `unauthenticated`, the same for an unknown id and a wrong secret: ids cannot be probed.
   */
  async #verifiedKey(id: string, hash: string): Promise<CachedKey> {
    const cached = await this.keys.find(id);
    if (cached && hasHash(cached.row, hash)) return cached;
    const current = cached && (await this.keys.read(id));
    if (current && hasHash(current.row, hash)) return current;
    throw authFailure({ reason: 'unknown', key: current && keyOf(current.row) }, 'The API key is not valid.');
  }
}

function partsOf(given: string | undefined): ApiKeyParts {
  if (given === undefined) {
    const detail = 'An API key is required: send `Authorization: Bearer rookery_…` or `X-API-Key: rookery_…`.';
    throw authFailure({ reason: 'missing' }, detail);
  }
  const parts = readApiKey(given);
  if (parts === undefined) {
    const detail = 'The credentials are not an API key. Keys begin with rookery_ and end with a checksum.';
    throw authFailure({ reason: 'malformed' }, detail);
  }
  return parts;
}

/** Whether the secret of that hash is valid. The previous one stays valid for a while after a rotation. */
function hasHash({ hash, previous_hash, previous_until }: ApiKeyRow, given: string): boolean {
  if (isSameHash(given, hash)) return true;
  return previous_hash !== null && (previous_until ?? 0) > Date.now() && isSameHash(given, previous_hash);
}

function hasProven(row: ApiKeyRow, proof: Proof | undefined): boolean {
  return proof === undefined || hasHash(row, proof.hash);
}

/** Why a key is invalid, and the sentence about it; undefined if it is valid. */
function inactiveReason({ revoked_at, expires_at }: ApiKeyRow): readonly ['revoked' | 'expired', string] | undefined {
  if (revoked_at !== null) return ['revoked', 'The API key was revoked.'];
  return expires_at !== null && expires_at <= Date.now() ? ['expired', 'The API key has expired.'] : undefined;
}

function keyOf({ key_id: id, tenant }: ApiKeyRow): AuthFailure['key'] {
  return { id, tenant };
}
