import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** A request as Express and Fastify alike give it. */
export interface HttpRequest {
  readonly headers: IncomingHttpHeaders;
  readonly ip?: string;
  readonly body?: unknown;
  readonly query?: unknown;
  readonly params?: unknown;
  /** Fastify's request wraps Node's. */
  readonly raw?: IncomingMessage;
}

interface ExpressResponse extends ServerResponse {
  header(name: string, value: string): unknown;
  readonly raw?: undefined;
}

interface FastifyResponse {
  header(name: string, value: string): unknown;
  getHeaders(): OutgoingHttpHeaders;
  /** From now on the raw response is ours. */
  hijack(): unknown;
  readonly raw: ServerResponse;
}

/** A response as Express or Fastify gives it. */
export type HttpResponse = ExpressResponse | FastifyResponse;

const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;
const requestIds = new WeakMap<object, string>();

/** The request's id: the caller's own `X-Request-Id` where it is a good one, else a new one. */
export function requestIdOf(request: HttpRequest): string {
  const raw = request.raw ?? request;
  const known = requestIds.get(raw);
  if (known !== undefined) return known;
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
  requestIds.set(raw, id);
  return id;
}
