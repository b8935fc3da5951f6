import type { FollowOptions, StartOptions, TenantOptions } from './client.options.js';
import type { Call } from './transport.js';

/** A call that only reads. */
export function reading(path: string, { tenant, ...options }: TenantOptions): Call {
  return { ...options, method: 'GET', path, query: { tenant }, isRepeatable: true };
}

/** A call that changes something. */
export function changing(method: 'POST' | 'DELETE', path: string, { tenant, ...options }: TenantOptions): Call {
  return { ...options, method, path, query: { tenant } };
}

/** A call that starts a run: it has a key, by which the service knows it again. */
export function starting(path: string, body: unknown, { idempotencyKey, ...options }: StartOptions): Call {
  const headers = { 'Idempotency-Key': idempotencyKey ?? crypto.randomUUID() };
  return { ...options, method: 'POST', path, body, headers, isRepeatable: true };
}

/** The stream of a run or task that exists. */
export function following(path: string, { after, ...options }: FollowOptions): { call: Call; after: number } {
  const call = reading(path, options);
  return { call: { ...call, headers: { Accept: 'text/event-stream' } }, after: after ?? 0 };
}

/** A part of a path that is somebody's own word. */
export function part(id: string): string {
  // The platform would take these for steps up the path.
  if (id === '' || id === '.' || id === '..') throw new TypeError(`"${id}" is no id.`);
  return encodeURIComponent(id);
}
