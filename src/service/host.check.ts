import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { AgentError } from '../index.js';
import type { HostPolicy, HostRefusal } from './host.policy.js';

/** Probes ask by address, and learn nothing but whether the service is well. */
const OPEN_ROUTES = new Set(['/health', '/health/live', '/health/ready']);

const LOG_AGAIN_MS = 3_600_000;
/** Strangers choose these names: they must not fill the log. */
const MAX_LOGGED_HOSTS = 100;

type Done = (error?: Error) => void;

/** Refuses requests that name a host which is not allowed, whatever their route and credentials. */
export function checkHosts(fastify: FastifyInstance, policy: HostPolicy, logger: Logger): void {
  const log = new HostRefusalLog(logger);
  fastify.addHook('onRequest', (request: FastifyRequest, _: FastifyReply, done: Done) => {
    // The Host header decides, not X-Forwarded-Host: a web page can set that.
    const refusal = OPEN_ROUTES.has(request.routeOptions.url ?? '') ? undefined : policy.refusalOf(request.raw);
    if (refusal === undefined) return done();
    log.add(refusal);
    done(new AgentError('forbidden', { detail: refusal.detail }));
  });
}

/** Tells the operator what to set: logs each refused host once an hour. */
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
    if (this.now() - this.#since >= LOG_AGAIN_MS) {
      this.#logged.clear();
      this.#since = this.now();
    }
    if (this.#logged.has(host) || this.#logged.size >= MAX_LOGGED_HOSTS) return;
    this.#logged.add(host);
    this.logger.warn({ host }, 'a request for this host was refused; to answer it, add it to ALLOWED_HOSTS');
  }
}
