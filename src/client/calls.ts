import type { FollowOptions, ListOptions, StartOptions, TenantOptions } from './client.options.js';
import { newIdempotencyKey } from './random.id.js';
import type { Call } from './transport.js';

/** The calls that start and rejoin a stream, and its position. */
export interface StreamCalls {
  readonly start: Call;
  readonly rejoin: (runId: string) => Call;
  readonly after?: number | undefined;
}

const EVENTS = { Accept: 'text/event-stream' } as const;

/** Builds a call that only reads. */
export function readCall(path: string, { tenant, ...options }: TenantOptions): Call {
  return { ...options, method: 'GET', path, query: { tenant }, isRepeatable: true };
}

/** Builds a call that reads a page of a list. */
export function listCall(path: string, { pageSize: limit, ...options }: ListOptions, filter: Call['query'] = {}): Call {
  const call = readCall(path, options);
  return { ...call, query: { ...filter, ...call.query, limit } };
}

/** Builds a call that changes something. */
export function writeCall(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { tenant, ...options }: TenantOptions,
): Call {
  return { ...options, method, path, query: { tenant } };
}

/** Builds a call that starts a run. Its idempotency key makes retries safe. */
export function startCall(path: string, body: unknown, { idempotencyKey, ...options }: StartOptions): Call {
  const headers = { 'Idempotency-Key': idempotencyKey ?? newIdempotencyKey() };
  return { ...options, method: 'POST', path, body, headers, isRepeatable: true };
}

/** Builds the calls that follow an existing run or task. */
export function followCalls(path: string, { after, ...options }: FollowOptions): StreamCalls {
  const call = { ...readCall(path, options), headers: EVENTS };
  return { start: call, rejoin: () => call, after };
}

/** Builds the calls that start a run and follow it. */
export function streamCalls(version: string, call: Call): StreamCalls {
  const { signal, requestId, headers } = call;
  const rejoin = (runId: string): Call =>
    followCalls(`${version}/runs/${pathSegment(runId)}/events`, { signal, requestId }).start;
  return { start: { ...call, headers: { ...headers, ...EVENTS } }, rejoin };
}

/** Encodes an id as one segment of a path. @throws TypeError if the id cannot be one. */
export function pathSegment(id: string): string {
  // URL parsing would resolve these as relative segments.
  if (id === '' || id === '.' || id === '..') throw new TypeError(`"${id}" is not a valid id.`);
  return encodeURIComponent(id);
}
