import type { FollowOptions, StartOptions, TenantOptions } from './client.options.js';
import type { Call } from './transport.js';

/** Builds a call that only reads. */
export function readCall(path: string, { tenant, ...options }: TenantOptions): Call {
  return { ...options, method: 'GET', path, query: { tenant }, isRepeatable: true };
}

/** Builds a call that changes something. */
export function writeCall(method: 'POST' | 'DELETE', path: string, { tenant, ...options }: TenantOptions): Call {
  return { ...options, method, path, query: { tenant } };
}

/** Builds a call that starts a run. Its idempotency key makes retries safe. */
export function startCall(path: string, body: unknown, { idempotencyKey, ...options }: StartOptions): Call {
  const headers = { 'Idempotency-Key': idempotencyKey ?? crypto.randomUUID() };
  return { ...options, method: 'POST', path, body, headers, isRepeatable: true };
}

/** Builds a call that streams the events of an existing run or task. */
export function followCall(path: string, { after, ...options }: FollowOptions): { call: Call; after: number } {
  const call = readCall(path, options);
  return { call: { ...call, headers: { Accept: 'text/event-stream' } }, after: after ?? 0 };
}

/** Encodes an id as one segment of a path. @throws TypeError if the id cannot be one. */
export function pathSegment(id: string): string {
  // URL parsing would resolve these as relative segments.
  if (id === '' || id === '.' || id === '..') throw new TypeError(`"${id}" is not a valid id.`);
  return encodeURIComponent(id);
}
