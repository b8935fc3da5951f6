import { isUtf8 } from 'node:buffer';
import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AgentError, API_PREFIX, ErrorResponse, requestIdOf } from '../index.js';
import { type Environment, isLoopback, listOf } from './environment.js';

const BODY_LIMIT_BYTES = 256 * 1024;
/** How long a caller may take to send its request. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the longest id in a path, with each character percent-encoded. */
const MAX_PATH_PARAMETER = 3 * 128;

const LAST_ANSWERS_MS = 1000;
const JSON_TYPE = 'application/json; charset=utf-8';

type Done = (error?: Error) => void;

/** Fastify as the service runs it. */
export function createAdapter(environment: Environment): FastifyAdapter {
  const proxies = listOf(environment.TRUST_PROXY);
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: proxies.length > 0 ? proxies : false,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
    genReqId: (raw: IncomingMessage) => requestIdOf({ headers: raw.headers, raw }),
    // While it drains the service answers for itself: health, the runs under way, and a reason to those it refuses.
    return503OnClosing: false,
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseUnroutable,
    // Nest's middleware, which the service has none of.
    skipMiddie: true,
  });
  return adapter;
}

/** The manners of every answer, before a route is found and after. */
export function setUpHttp(app: NestFastifyApplication, environment: Environment, logger: Logger): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.useSecurityHeaders({
    // The documentation page must load over plain http too.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null, frameAncestors: "'none'" } },
  });
  const origins = listOf(environment.CORS_ORIGINS);
  if (origins.length > 0) app.enableCors({ origin: origins, exposedHeaders: EXPOSED_HEADERS, maxAge: 600 });

  readJson(fastify);
  endConnections(fastify);
  logRequests(fastify, logger);
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    reply.header('X-Request-Id', request.id);
    if (request.url.startsWith(`/${API_PREFIX}`)) reply.header('Cache-Control', 'no-store');
    if (!environment.isUnauthenticatedAllowed && !isLoopback(hostname(request))) {
      done(
        new AgentError('forbidden', {
          detail: 'Without authentication the service answers to loopback names only, such as localhost.',
        }),
      );
    } else if (request.is404) done(new AgentError('not_found', { detail: `There is no route ${request.url}.` }));
    else done();
  });
}

/** Browsers may show these to the pages of allowed origins. */
const EXPOSED_HEADERS = ['X-Request-Id', 'RateLimit', 'RateLimit-Policy', 'Retry-After'];

function hostname({ headers }: FastifyRequest): string {
  return (headers.host ?? '').replace(/:\d+$/, '');
}

/** Takes JSON in UTF-8 and nothing else: other bytes would be stored as something that nobody said. */
function readJson(fastify: FastifyInstance): void {
  const parse = fastify.getDefaultJsonParser('error', 'error');
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const charset = /;\s*charset\s*=\s*"?([^";\s]+)/i.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (!/^utf-?8$/i.test(charset))
      done(new AgentError('unsupported_media_type', { detail: 'The body must be in UTF-8.' }));
    else if (!isUtf8(Buffer.from(body)))
      done(new AgentError('malformed_request', { detail: 'The body is not UTF-8.' }));
    else void parse(request, body.toString(), done);
  });
}

function logRequests(fastify: FastifyInstance, logger: Logger): void {
  const log = (request: FastifyRequest, reply: FastifyReply): void => {
    const line = {
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url,
      // A caller that left has not seen the status that was meant for it.
      status: reply.raw.writableFinished ? reply.statusCode : 499,
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (request.url.startsWith('/health')) logger.debug(line, 'request');
    else logger.info(line, 'request');
  };
  // Not onResponse, which is not told of callers that left.
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    reply.raw.once('close', () => log(request, reply));
    done();
  });
}

/**
 * Answers the methods that a route lacks. To be called when all routes are there, before the service listens.
 */
export function refuseOtherMethods(fastify: FastifyInstance, routes: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, methods] of routes) {
    const allow = [...methods].join(', ');
    const others = fastify.supportedMethods.filter((method) => !methods.has(method));
    const refuse = (_: FastifyRequest, reply: FastifyReply, done: Done): void => {
      reply.header('Allow', allow);
      done(new AgentError('method_not_allowed', { detail: `This route answers ${allow}.` }));
    };
    fastify.route({ method: others, url, onRequest: refuse, handler: () => undefined });
  }
}

/** Collects the methods of each route as it is added. */
export function collectRoutes(fastify: FastifyInstance): ReadonlyMap<string, ReadonlySet<string>> {
  const routes = new Map<string, Set<string>>();
  fastify.addHook('onRoute', ({ url, method }) => {
    const methods = routes.get(url) ?? new Set();
    routes.set(url, methods);
    for (const name of [method].flat()) methods.add(name);
  });
  return routes;
}

/** By the time the server closes every run has ended: what is still connected gets a moment to take its answer. */
function endConnections(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done: Done) => {
    setTimeout(() => fastify.server.closeAllConnections(), LAST_ANSWERS_MS).unref();
    done();
  });
}

/** A path that the router cannot read: it answers before any hook runs. */
function refuseUnroutable(_: Error, request: FastifyRequest, reply: FastifyReply): void {
  const error = new AgentError('malformed_request', { detail: 'The path cannot be read.' });
  reply
    .code(error.status)
    .headers({ 'Content-Type': JSON_TYPE, 'X-Content-Type-Options': 'nosniff', 'X-Request-Id': request.id })
    .send(JSON.stringify(ErrorResponse.from(error, request.id)));
}

/** What Node's own parser could not read: there is no request yet to answer in the ordinary way. */
function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return;
  const status = CLIENT_ERRORS[error.code ?? ''] ?? 400;
  const requestId = requestIdOf({ headers: {} });
  const body = JSON.stringify(ErrorResponse.from(new AgentError('malformed_request'), requestId));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${JSON_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const CLIENT_ERRORS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};
