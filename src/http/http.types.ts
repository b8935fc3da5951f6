import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** The common part of Express and Fastify requests. */
export interface HttpRequest {
  /** The headers, with names in lower case. */
  readonly headers: IncomingHttpHeaders;
  readonly ip?: string;
  /** The path and the query, as the client sent them. */
  readonly url?: string | undefined;
  readonly body?: unknown;
  readonly query?: unknown;
  readonly params?: unknown;
  /** The Node request, if Fastify wraps it. */
  readonly raw?: IncomingMessage;
}

interface ExpressResponse extends ServerResponse {
  header(name: string, value: string): unknown;
  readonly raw?: undefined;
}

interface FastifyResponse {
  header(name: string, value: string): unknown;
  getHeaders(): OutgoingHttpHeaders;
  /** Hands the raw response over to the caller of this method. */
  hijack(): unknown;
  readonly raw: ServerResponse;
}

/** A response of Express or Fastify. */
export type HttpResponse = ExpressResponse | FastifyResponse;

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const requestIds = new WeakMap<object, string>();
const ownRequestIds = new WeakMap<object, string>();

/**
 * The ids of a request. They differ if the caller has chosen one.
 *
 * @example
 * import type { RequestIds } from 'rookery';
 *
 * const describe = ({ id, ownId }: RequestIds) => `${id} (${ownId})`;
 */
export interface RequestIds {
  /** As in `X-Request-Id`. */
  readonly id: string;
  /** The id that the service gave it: no caller can choose it. */
  readonly ownId: string;
}

/**
 * Returns the request id: the caller's `X-Request-Id` if it is valid, otherwise a new one. Repeated calls for one
 * request return the same id.
 *
 * @example
 * import { requestIdOf } from 'rookery';
 *
 * requestIdOf({ headers: { 'x-request-id': 'abc-123' } }); // 'abc-123'
 */
export function requestIdOf(request: HttpRequest): string {
  const raw = request.raw ?? request;
  const known = requestIds.get(raw);
  if (known !== undefined) return known;
  const given = request.headers['x-request-id'];
  const isChosen = typeof given === 'string' && REQUEST_ID.test(given);
  const id = isChosen ? given : randomUUID();
  requestIds.set(raw, id);
  if (isChosen) ownRequestIds.set(raw, randomUUID());
  return id;
}

/**
 * Returns the id of a request, and the one that its caller could not choose.
 *
 * @example
 * import { requestIdsOf } from 'rookery';
 *
 * const { id, ownId } = requestIdsOf({ headers: { 'x-request-id': 'abc-123' } });
 */
export function requestIdsOf(request: HttpRequest): RequestIds {
  const id = requestIdOf(request);
  return { id, ownId: ownRequestIds.get(request.raw ?? request) ?? id };
}
