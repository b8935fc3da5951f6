import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction as Done } from 'fastify';
import type { Logger } from 'pino';
import { AgentError } from '../index.js';
import type { HostPolicy, HostRefusal } from './host.policy.js';

/** Probes call these routes by address. Their answers contain only the health of the service. */
const PROBED_ROUTES = new Set(['/health', '/health/live', '/health/ready']);

const LOG_INTERVAL_MS = 3_600_000;
/** Untrusted clients choose these names, so their number in the log is limited. */
const MAX_LOGGED_HOSTS = 100;

/** Rejects requests for a host that is not allowed, before routing and authentication. */
export function checkHosts(fastify: FastifyInstance, policy: HostPolicy, logger: Logger): void {
  const log = new HostRefusalLog(logger);
  fastify.addHook('onRequest', (request: FastifyRequest, _: FastifyReply, done: Done) => {
    // Checks the Host header, not X-Forwarded-Host, which a web page can set.
    const refusal = isProbe(request) ? undefined : policy.refusalOf(request.raw);
    if (refusal === undefined) return done();
    log.add(refusal);
    done(new AgentError('forbidden', { detail: refusal.detail }));
  });
}

/** Returns true for a health check, which is answered under every name. */
export function isProbe(request: FastifyRequest): boolean {
  return PROBED_ROUTES.has(request.routeOptions.url ?? '');
}

/** Logs each rejected host once per hour, so that operators can add it to ALLOWED_HOSTS. */
export class HostRefusalLog {
  readonly #logged = new Set<string>();
  #since: number;

  constructor(
    private readonly logger: Pick<Logger, 'warn'>,
    private readonly now: () => number = Date.now,
  ) {
    this.#since = now();
  }

  add({ host }: HostRefusal): void {
    if (host === undefined) return;
    if (this.now() - this.#since >= LOG_INTERVAL_MS) {
      this.#logged.clear();
      this.#since = this.now();
    }
    if (this.#logged.has(host) || this.#logged.size >= MAX_LOGGED_HOSTS) return;
    this.#logged.add(host);
    this.logger.warn({ host }, 'a request for this host was refused; to answer it, add it to ALLOWED_HOSTS');
  }
}
