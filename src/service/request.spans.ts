import { SpanKind } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AgentMetrics, ATTRIBUTE, contextOf, OpenSpan, type SpanIds, type SpanStart } from '../index.js';

type Done = (error?: Error) => void;

const NO_ROUTE = 'other';

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/** A span and a number for each request but those for health and metrics, which machines send all the time. */
export function traceRequests(fastify: FastifyInstance, metrics: AgentMetrics): void {
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    if (!isCounted(request)) return done();
    const span = new OpenSpan({
      ...namedOf(request),
      kind: SpanKind.SERVER,
      parent: contextOf(request.headers),
    });
    spans.set(request, span);
    reply.raw.once('close', () => end(span, request, reply, metrics));
    done();
  });
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

// oxlint-disable-next-line max-params -- what a request is, and where it is counted
function end(span: OpenSpan, request: FastifyRequest, { raw, elapsedTime }: FastifyReply, metrics: AgentMetrics): void {
  const isUpgraded = raw.statusCode === 101;
  const status = raw.writableFinished || isUpgraded ? raw.statusCode : 499;
  // How long a WebSocket was open says nothing of how fast requests are answered.
  if (!isUpgraded) metrics.observeRequest(request.method, routeOf(request), status, elapsedTime / 1000);
  span.note(() => ({ [ATTRIBUTE.status]: status }));
  if (status >= 500) span.failWith(String(status));
  else span.end();
}

/** Of its path the route alone is told: the rest of it may name persons, or be any text. */
function namedOf(request: FastifyRequest): Pick<SpanStart, 'name' | 'attributes'> {
  const { method, protocol } = request;
  const attributes = { [ATTRIBUTE.method]: method, [ATTRIBUTE.scheme]: protocol };
  const route = routeOf(request);
  if (route === NO_ROUTE) return { name: method, attributes };
  return { name: `${method} ${route}`, attributes: { ...attributes, [ATTRIBUTE.route]: route } };
}

function isCounted({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return !url.startsWith('/health') && url !== '/metrics';
}

/** What is no route has as many paths as callers can think of. */
function routeOf({ is404, routeOptions: { url } }: FastifyRequest): string {
  return is404 || url === undefined ? NO_ROUTE : url;
}
