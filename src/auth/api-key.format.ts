import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
const API_KEY = /^rk_([0-9a-f]{16})_([\w-]{43})$/;

/** The two parts of a key: the id finds it, the secret proves it. */
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

/** True if the text begins as a key. It need not be a valid one. */
export function looksLikeApiKey(text: string): boolean {
  return text.startsWith('rk_');
}

/** The parts of a key; undefined if the text is not a key. */
export function readApiKey(text: string): ApiKeyParts | undefined {
  const [, id, secret] = API_KEY.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/**
 * The stored hash of a secret. It is fast, because each request computes it: unlike passwords, 256 random bits cannot
 * be guessed.
 */
export function hashOf(secret: string): string {
  return hash('sha256', secret, 'base64url');
}

/** Compares two hashes in constant time. */
export function isSameHash(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
