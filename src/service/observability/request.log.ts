import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction as Done } from 'fastify';
import type { Logger } from 'pino';
import { spanIdsOf, statusOf } from './request.spans.js';

/** Logs one line per request when its response ends. */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  const log = (request: FastifyRequest, reply: FastifyReply): void => {
    const line = {
      ...spanIdsOf(request),
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url,
      status: statusOf(reply),
      duration_ms: Math.round(reply.elapsedTime * 10) / 10,
    };
    if (request.url.startsWith('/health')) logger.debug(line, 'request');
    else logger.info(line, 'request');
  };
  // onResponse does not run for callers that disconnected.
  fastify.addHook('onRequest', (request: FastifyRequest, reply: FastifyReply, done: Done) => {
    reply.raw.once('close', () => log(request, reply));
    done();
  });
}
