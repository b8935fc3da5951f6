import type { IncomingMessage } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction as Done } from 'fastify';
import type { Logger } from 'pino';
import {
  AgentError,
  AgentMetrics,
  API_PREFIX,
  ApiLifecycle,
  Authenticator,
  AuthThrottle,
  CallerNames,
  requestIdOf,
} from '../index.js';
import { authenticate } from './authentication.js';
import { OPENAI_PREFIX, requireBodyScope } from '../openai/index.js';
import type { Environment } from './settings/environment.js';
import { checkHosts } from './host.check.js';
import { HostPolicy } from './host.policy.js';
import { checkOrigins } from './origin.check.js';
import { readJson } from './json.parser.js';
import { refuseUnreadable, refuseUnroutable } from './error.responses.js';
import { logRequests } from './observability/request.log.js';
import { traceRequests } from './observability/request.spans.js';
import { listOf } from './settings/text.list.js';
import { isTraced } from './settings/tracing.settings.js';
import { trustOf } from './trusted.proxies.js';

const BODY_LIMIT_BYTES = 256 * 1024;
/** Time limit for a client to send its request. */
const REQUEST_TIMEOUT_MS = 30_000;
/** The length of the longest path id, if every character is percent-encoded. */
const MAX_PATH_PARAMETER = 3 * 128;

const CHAT_SOCKET = `/${API_PREFIX}/ws`;
const RESPONSES_SOCKET = `/${OPENAI_PREFIX}/responses`;

const DRAIN_TIMEOUT_MS = 1000;

/** Response headers that pages of allowed origins may read. */
const EXPOSED_HEADERS =
  'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After, WWW-Authenticate, Deprecation, Sunset, Link';

/** Creates the Fastify adapter with the settings of the service. */
export function createAdapter(environment: Environment): FastifyAdapter {
  const proxies = listOf(environment.TRUST_PROXY);
  const paths = environment.isOpenAIServed ? [CHAT_SOCKET, RESPONSES_SOCKET] : [CHAT_SOCKET];
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: proxies.length > 0 ? trustOf(proxies) : false,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
    genReqId: (raw: IncomingMessage) => requestIdOf({ headers: raw.headers, raw }),
    // While draining, the service still answers: health checks, active runs, and errors for new requests.
    return503OnClosing: false,
    // Other upgrades are ordinary requests: a server may ignore an offered protocol.
    http: { shouldUpgradeCallback: (request) => asksForWebSocket(request, paths) },
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseUnroutable,
    // Skips Nest's middleware support, which the service does not use.
    skipMiddie: true,
  });
}

/** Installs the cross-cutting HTTP concerns for all requests, including those without a route. */
export function setUpHttp(app: NestFastifyApplication, environment: Environment, logger: Logger): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.useSecurityHeaders({
    // The documentation page must also load over plain HTTP.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null, frameAncestors: "'none'" } },
  });
  const origins = listOf(environment.CORS_ORIGINS);
  if (origins.length > 0)
    app.enableCors({ origin: origins, exposedHeaders: EXPOSED_HEADERS, maxAge: 600, strictPreflight: false });

  readJson(fastify);
  limitOpenAIBodies(fastify, environment.OPENAI_MAX_BODY_KIB * 1024);
  ignoreExpectations(fastify);
  endConnections(fastify);
  traceRequests(fastify, app.get(AgentMetrics), isTraced(environment));
  logRequests(fastify, logger, app.get(CallerNames));
  const lifecycle = app.get(ApiLifecycle);
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    reply.header('X-Request-Id', request.id);
    // A path has many spellings, but its route has one. Requests without a route have only their path.
    const route = request.is404 ? request.url : (request.routeOptions.url ?? request.url);
    if (/^\/(api|v1)\//.test(route)) reply.header('Cache-Control', 'no-store');
    // Requests without a route do not reach the guard that sets these headers.
    reply.headers(Object.fromEntries(lifecycle.headersFor(route)));
    done();
  });
  checkHosts(fastify, new HostPolicy(environment.allowedHosts), logger);
  if (!environment.isAuthenticated) checkOrigins(fastify, origins);
  fastify.addHook('onRequest', (request: FastifyRequest, _: FastifyReply, done: Done) => {
    if (request.is404) done(new AgentError('not_found', { detail: `The route ${request.url} does not exist.` }));
    else done();
  });
  if (environment.isAuthenticated) closeLargeBodies(fastify, app.get(Authenticator), app.get(AuthThrottle));
  if (!environment.areDocsPublic) closeDocs(fastify, app.get(Authenticator), app.get(AuthThrottle));
}

/** Requires valid credentials for the documentation, with any scope. */
function closeDocs(fastify: FastifyInstance, authenticator: Authenticator, authThrottle: AuthThrottle): void {
  fastify.addHook('onRequest', async (request: FastifyRequest) => {
    // Compares the route, because a path has many spellings.
    if (!/^\/(docs|openapi\.json|v1\/openapi\.json)/.test(request.routeOptions.url ?? '')) return;
    await authenticate(request, authenticator, authThrottle);
  });
}

/** Requires credentials with the scope of the route before a large body is read. The guards run after its parser. */
function closeLargeBodies(fastify: FastifyInstance, authenticator: Authenticator, authThrottle: AuthThrottle): void {
  fastify.addHook('onRequest', async (request: FastifyRequest) => {
    const { headers, method, routeOptions } = request;
    const { url: route = '' } = routeOptions;
    if (!route.startsWith(`/${OPENAI_PREFIX}/`)) return;
    const { 'content-length': length = '0', 'transfer-encoding': coding } = headers;
    if (coding === undefined && Number(length) <= BODY_LIMIT_BYTES) return;
    requireBodyScope(await authenticate(request, authenticator, authThrottle), { method, route });
  });
}

function asksForWebSocket({ method, url = '', headers }: IncomingMessage, paths: readonly string[]): boolean {
  if (method !== 'GET' || headers.upgrade?.toLowerCase() !== 'websocket') return false;
  return paths.some((path) => /^[^?]*/.exec(url)?.[0] === path);
}

/** Answers as usual if `Expect` has another value than `100-continue`. Node would answer 417 without a body. */
function ignoreExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Bodies of OpenAI's clients have images. */
function limitOpenAIBodies(fastify: FastifyInstance, bodyLimit: number): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url.startsWith(`/${OPENAI_PREFIX}/`)) route.bodyLimit = bodyLimit;
  });
}

/** Closes all connections shortly after shutdown begins. All runs have ended; clients get a second to read answers. */
function endConnections(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done: Done) => {
    setTimeout(() => fastify.server.closeAllConnections(), DRAIN_TIMEOUT_MS).unref();
    done();
  });
}
