import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { spanIdsOf } from './request.spans.js';

type Done = (error?: Error) => void;

/** Logs one line per request when its response ends. */
export function logRequests(fastify: FastifyInstance, logger: Logger): void {
  const log = (request: FastifyRequest, reply: FastifyReply): void => {
    const line = {
      ...spanIdsOf(request),
      request_id: request.id,
      method: request.method,
      route: request.routeOptions.url,
      // A caller that disconnected has not received the status.
      status: reply.raw.writableFinished || isUpgraded(reply) ? reply.raw.statusCode : 499,
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

function isUpgraded({ raw }: FastifyReply): boolean {
  return raw.statusCode === 101;
}
