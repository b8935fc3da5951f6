import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { crc32 } from 'node:zlib';

const ID_BYTES = 8;
const SECRET_BYTES = 32;
/** The form of keys of earlier releases, which have no checksum. */
const OLD_API_KEY = /^rk_([0-9a-f]{16})_([\w-]{43})$/;
const API_KEY = /^rookery_([0-9a-f]{16})_([\w-]{43})([0-9A-Za-z]{6})$/;
const BASE_62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const CHECKSUM_LENGTH = 6;

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

/** The key as its holder sends it. The checksum at its end lets secret scanners recognize it. */
export function apiKeyText({ id, secret }: ApiKeyParts): string {
  const text = `rookery_${id}_${secret}`;
  return text + checksumOf(text);
}

/** True if the text begins as a key. It need not be a valid one. */
export function looksLikeApiKey(text: string): boolean {
  return /^(?:rookery|rk)_/.test(text);
}

/** The parts of a key; undefined if the text is not a key, or its checksum is wrong. */
export function readApiKey(text: string): ApiKeyParts | undefined {
  const [, id, secret, checksum] = API_KEY.exec(text) ?? OLD_API_KEY.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  if (checksum !== undefined && checksumOf(text.slice(0, -CHECKSUM_LENGTH)) !== checksum) return undefined;
  return { id, secret };
}

/** CRC-32 in base 62, with leading zeros. */
function checksumOf(text: string): string {
  let digits = '';
  for (let rest = crc32(text); digits.length < CHECKSUM_LENGTH; rest = Math.floor(rest / BASE_62.length)) {
    digits = BASE_62.charAt(rest % BASE_62.length) + digits;
  }
  return digits;
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
