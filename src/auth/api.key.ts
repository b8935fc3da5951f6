import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const API_KEY = /^rk_([0-9a-f]{16})_([\w-]{43})$/;

/** A key in its two parts: the id finds it, the secret proves it. */
export interface ApiKeyParts {
  readonly id: string;
  readonly secret: string;
}

export function newKeyId(): string {
  return randomBytes(ID_BYTES).toString('hex');
}

export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** The key as its holder sends it. */
export function apiKeyText({ id, secret }: ApiKeyParts): string {
  return `rk_${id}_${secret}`;
}

/** The parts of a key; undefined where it is none. */
export function readApiKey(text: string): ApiKeyParts | undefined {
  const [, id, secret] = API_KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/**
 * What is stored of a secret. Passwords want a slow hash, since they can be guessed; of 256 random bits nobody tries
 * even a noticeable part, and each request pays for the hash.
 */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Whether two hashes are equal, in a time that does not tell where they differ. */
export function isSameHash(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
