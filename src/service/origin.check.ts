import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction as Done } from 'fastify';
import { AgentError } from '../index.js';
import { isProbe } from './host.check.js';

/** Routes that links of other sites may open. They neither change nor count anything. */
const LINKED_ROUTES = /^\/((docs|studio)(\/.*)?|(v1\/)?openapi\.json)?$/;

/**
 * Refuses the requests of foreign pages. For a service without authentication: any page that a user opens could spend
 * the rate limit, or cancel a run. It need not read the answers for that.
 *
 * @param origins the origins of CORS_ORIGINS.
 */
export function checkOrigins(fastify: FastifyInstance, origins: readonly string[]): void {
  fastify.addHook('onRequest', (request: FastifyRequest, _: FastifyReply, done: Done) => {
    if (isProbe(request) || isLink(request) || !isForeign(request, origins)) return done();
    const detail = 'Pages of other origins may not call this service. CORS_ORIGINS can allow them.';
    done(new AgentError('forbidden', { detail }));
  });
}

/** Browsers set `Sec-Fetch-Site`; old ones, and those on plain HTTP, set only `Origin`. Programs set neither. */
function isForeign({ headers }: FastifyRequest, origins: readonly string[]): boolean {
  const { origin, host, 'sec-fetch-site': site } = headers;
  if (site === 'same-origin' || site === 'none') return false;
  if (origin === undefined) return site === 'cross-site';
  if (origins.includes(origin)) return false;
  return site === 'cross-site' || !URL.canParse(origin) || new URL(origin).host !== host?.toLowerCase();
}

/** A person follows a link to a page of the service. */
function isLink({ method, headers, routeOptions }: FastifyRequest): boolean {
  const isNavigation = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document';
  return isNavigation && method === 'GET' && LINKED_ROUTES.test(routeOptions.url ?? '');
}
