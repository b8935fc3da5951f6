/**
 * Returns a new key for `idempotencyKey`. Store it with a request that another page or process may have to repeat.
 * `crypto.randomUUID` does not exist in pages without TLS.
 *
 * @example
 * import { newIdempotencyKey } from 'rookery/client';
 *
 * const idempotencyKey = newIdempotencyKey();
 * await client.chat({ message: 'Refund order A-1001.' }, { idempotencyKey });
 */
export function newIdempotencyKey(): string {
  return hexOf(crypto.getRandomValues(new Uint8Array(16)));
}

export function hexOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
