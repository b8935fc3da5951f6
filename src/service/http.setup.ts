import type { IncomingMessage } from 'node:http';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import {
  AgentError,
  AgentMetrics,
  API_PREFIX,
  ApiLifecycle,
  Authenticator,
  callerAddress,
  FailedAttempts,
  requestIdOf,
} from '../index.js';
import type { Environment } from './environment.js';
import { checkHosts } from './host.check.js';
import { HostPolicy } from './host.policy.js';
import { readJson } from './json.body.js';
import { refuseUnreadable, refuseUnroutable } from './refusals.js';
import { logRequests } from './request.log.js';
import { watchRequests } from './request.spans.js';
import { listOf } from './setting.rules.js';
import { isTraced } from './tracing.settings.js';
import { trustOf } from './trusted.proxies.js';

const BODY_LIMIT_BYTES = 256 * 1024;
/** How long a caller may take to send its request. */
const REQUEST_TIMEOUT_MS = 30_000;
/** Longer than the longest id in a path, with each character percent-encoded. */
const MAX_PATH_PARAMETER = 3 * 128;

const WEB_SOCKET = `/${API_PREFIX}/ws`;

const LAST_ANSWERS_MS = 1000;

/** Browsers may show these to the pages of allowed origins. */
const EXPOSED_HEADERS = [
  'X-Request-Id',
  'RateLimit',
  'RateLimit-Policy',
  'Retry-After',
  'WWW-Authenticate',
  'Deprecation',
  'Sunset',
  'Link',
];

type Done = (error?: Error) => void;

/** Fastify as the service runs it. */
export function createAdapter(environment: Environment): FastifyAdapter {
  const proxies = listOf(environment.TRUST_PROXY);
  return new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: proxies.length > 0 ? trustOf(proxies) : false,
    routerOptions: { maxParamLength: MAX_PATH_PARAMETER },
    genReqId: (raw: IncomingMessage) => requestIdOf({ headers: raw.headers, raw }),
    // While it drains the service answers for itself: health, the runs under way, and a reason to those it refuses.
    return503OnClosing: false,
    // Any other upgrade is a request like any other: its protocol is offered, and may be ignored.
    http: { shouldUpgradeCallback: asksForWebSocket },
    clientErrorHandler: refuseUnreadable,
    frameworkErrors: refuseUnroutable,
    // Nest's middleware, which the service has none of.
    skipMiddie: true,
  });
}

/** The manners of every answer, before a route is found and after. */
export function setUpHttp(app: NestFastifyApplication, environment: Environment, logger: Logger): void {
  const fastify = app.getHttpAdapter().getInstance();
  app.useSecurityHeaders({
    // The documentation page must load over plain http too.
    contentSecurityPolicy: { directives: { upgradeInsecureRequests: null, frameAncestors: "'none'" } },
  });
  const origins = listOf(environment.CORS_ORIGINS);
  if (origins.length > 0)
    app.enableCors({ origin: origins, exposedHeaders: EXPOSED_HEADERS, maxAge: 600, strictPreflight: false });

  readJson(fastify);
  endConnections(fastify);
  watchRequests(fastify, app.get(AgentMetrics), isTraced(environment));
  logRequests(fastify, logger);
  const lifecycle = app.get(ApiLifecycle);
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    reply.header('X-Request-Id', request.id);
    if (request.url.startsWith('/api/')) reply.header('Cache-Control', 'no-store');
    // Before a route is found there is no guard that could say it.
    reply.headers(Object.fromEntries(lifecycle.headersFor(request.url)));
    done();
  });
  checkHosts(fastify, new HostPolicy(environment.allowedHosts), logger);
  fastify.addHook('onRequest', (request: FastifyRequest, _: FastifyReply, done: Done) => {
    if (request.is404) done(new AgentError('not_found', { detail: `There is no route ${request.url}.` }));
    else done();
  });
  if (!environment.areDocsPublic) closeDocs(fastify, app.get(Authenticator), app.get(FailedAttempts));
}

/** The documentation is for those alone who have credentials, whatever these are good for. */
function closeDocs(fastify: FastifyInstance, authenticator: Authenticator, failedAttempts: FailedAttempts): void {
  fastify.addHook('onRequest', async (request: FastifyRequest) => {
    // The route, not the path, of which there are many spellings.
    if (!/^\/(docs|openapi\.json)/.test(request.routeOptions.url ?? '')) return;
    const { headers } = request;
    const address = callerAddress(request);
    await authenticator.authenticate({ headers, address }).catch(async (failure: unknown) => {
      // A lost database or identity provider is not the caller's fault.
      if (failure instanceof AgentError && failure.code === 'unauthenticated') await failedAttempts.add(address);
      throw failure;
    });
  });
}

function asksForWebSocket({ method, url = '', headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket' && /^[^?]*/.exec(url)?.[0] === WEB_SOCKET;
}

/** By the time the server closes every run has ended: what is still connected gets a moment to take its answer. */
function endConnections(fastify: FastifyInstance): void {
  fastify.addHook('preClose', (done: Done) => {
    setTimeout(() => fastify.server.closeAllConnections(), LAST_ANSWERS_MS).unref();
    done();
  });
}
