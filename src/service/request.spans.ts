import { SpanKind } from '@opentelemetry/api';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type AgentMetrics, ATTRIBUTE, contextOf, OpenSpan, type SpanIds } from '../index.js';

type Done = (error?: Error) => void;

const spans = new WeakMap<FastifyRequest, OpenSpan>();

/** A span and a number for each request but those for health and metrics, which machines send all the time. */
export function traceRequests(fastify: FastifyInstance, metrics: AgentMetrics): void {
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    if (!isCounted(request)) return done();
    const span = new OpenSpan({
      name: `${request.method} ${routeOf(request)}`,
      kind: SpanKind.SERVER,
      parent: contextOf(request.headers),
      attributes: () => ({
        [ATTRIBUTE.method]: request.method,
        [ATTRIBUTE.route]: routeOf(request),
        [ATTRIBUTE.scheme]: request.protocol,
      }),
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

function isCounted({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return !url.startsWith('/health') && url !== '/metrics';
}

/** What is no route has as many paths as callers can think of. */
function routeOf({ is404, routeOptions: { url } }: FastifyRequest): string {
  return is404 || url === undefined ? 'other' : url;
}
