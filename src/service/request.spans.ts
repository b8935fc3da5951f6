import { SpanKind } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AgentMetrics, ATTRIBUTE, contextOf, OpenSpan, type SpanIds } from '../index.js';

type Done = (error?: Error) => void;

const NO_ROUTE = 'other';

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/**
 * A number for each request, and a span where it is traced, but not for those for health and metrics, which machines
 * send all the time.
 */
export function watchRequests(fastify: FastifyInstance, metrics: AgentMetrics, isTraced: boolean): void {
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    if (!isCounted(request)) return done();
    if (isTraced) spans.set(request, spanOf(request));
    reply.raw.once('close', () => end(request, reply, metrics));
    done();
  });
  if (!isTraced) return;
  // Not before: what follows the reading of the body has no context but that of the socket.
  fastify.addHook('preHandler', (request: FastifyRequest, _: FastifyReply, done: Done) => {
    const span = spans.get(request);
    if (span) span.within(() => done());
    else done();
  });
}

/** The ids of the request's span, for its log line. */
export function spanIdsOf(request: FastifyRequest): SpanIds | undefined {
  return spans.get(request)?.ids;
}

function end(request: FastifyRequest, { raw, elapsedTime }: FastifyReply, metrics: AgentMetrics): void {
  const isUpgraded = raw.statusCode === 101;
  const status = raw.writableFinished || isUpgraded ? raw.statusCode : 499;
  // How long a WebSocket was open says nothing of how fast requests are answered.
  if (!isUpgraded) metrics.observeRequest(request.method, routeOf(request), status, elapsedTime / 1000);
  const span = spans.get(request);
  if (span === undefined) return;
  span.note(() => ({ [ATTRIBUTE.status]: status }));
  if (status >= 500) span.failWith(String(status));
  else span.end();
}

/** Of its path the route alone is told: the rest of it may name persons, or be any text. */
function spanOf(request: FastifyRequest): OpenSpan {
  const { method, protocol, headers } = request;
  const route = routeOf(request);
  const isRoute = route !== NO_ROUTE;
  return new OpenSpan({
    name: isRoute ? `${method} ${route}` : method,
    kind: SpanKind.SERVER,
    parent: contextOf(headers),
    attributes: {
      [ATTRIBUTE.method]: method,
      [ATTRIBUTE.scheme]: protocol,
      ...(isRoute && { [ATTRIBUTE.route]: route }),
    },
  });
}

function isCounted({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return !url.startsWith('/health') && url !== '/metrics';
}

/** What is no route has as many paths as callers can think of. */
function routeOf({ is404, routeOptions: { url } }: FastifyRequest): string {
  return is404 || url === undefined ? NO_ROUTE : url;
}
