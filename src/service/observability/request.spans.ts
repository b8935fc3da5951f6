import { SpanKind } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction as Done } from 'fastify';
import { type AgentMetrics, ATTRIBUTE, contextOf, OpenSpan, type SpanIds } from '../../index.js';

const UNKNOWN_ROUTE = 'other';
const WEB_SOCKET_STATUS = 101;

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/**
 * Records metrics for each request, and a span if tracing is on. Skips health and metrics requests, which monitoring
 * sends constantly.
 */
export function traceRequests(fastify: FastifyInstance, metrics: AgentMetrics, isTraced: boolean): void {
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    if (!isCounted(request)) return done();
    if (isTraced) spans.set(request, spanOf(request));
    reply.raw.once('close', () => end(request, reply, metrics));
    done();
  });
  if (!isTraced) return;
  // Only preHandler can set the context: parsing the body switches to the context of the socket.
  fastify.addHook('preHandler', (request: FastifyRequest, _: FastifyReply, done: Done) => {
    const span = spans.get(request);
    if (span) span.within(() => done());
    else done();
  });
}

/** Returns the span ids of a request for its log line. */
export function spanIdsOf(request: FastifyRequest): SpanIds | undefined {
  return spans.get(request)?.ids;
}

/** Returns 499 for a caller that disconnected, because it has not received the status. */
export function statusOf({ raw }: FastifyReply): number {
  return raw.writableFinished || raw.statusCode === WEB_SOCKET_STATUS ? raw.statusCode : 499;
}

function end(request: FastifyRequest, reply: FastifyReply, metrics: AgentMetrics): void {
  const status = statusOf(reply);
  // The lifetime of a WebSocket is not a response time.
  if (status !== WEB_SOCKET_STATUS)
    metrics.observeRequest(request.method, routeOf(request), status, reply.elapsedTime / 1000);
  const span = spans.get(request);
  if (span === undefined) return;
  span.note(() => ({ [ATTRIBUTE.status]: status }));
  if (status >= 500) span.failWith(String(status));
  else span.end();
}

/** Names the span by its route only, because a path may contain personal data or arbitrary text. */
function spanOf(request: FastifyRequest): OpenSpan {
  const { method, protocol, headers } = request;
  const route = routeOf(request);
  const isRoute = route !== UNKNOWN_ROUTE;
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

/** Maps all unknown paths to one label, because callers could create any number of them. */
function routeOf({ is404, routeOptions: { url } }: FastifyRequest): string {
  return is404 || url === undefined ? UNKNOWN_ROUTE : url;
}
