import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction as Done } from 'fastify';
import type { Logger } from 'pino';
import { callerAddress, type CallerNames, principalOf, requestIdsOf } from '../../index.js';
import { knownPrincipalOf } from '../authentication.js';
import { spanIdsOf, statusOf } from './request.spans.js';

/** Logs one line per request when its response ends. */
export function logRequests(fastify: FastifyInstance, logger: Logger, names: CallerNames): void {
  const log = (request: FastifyRequest, reply: FastifyReply, address: string | undefined): void => {
    const principal = principalOf(request) ?? knownPrincipalOf(request);
    const { id, ownId } = requestIdsOf(request);
    const line = {
      ...spanIdsOf(request),
      request_id: id,
      own_request_id: id === ownId ? undefined : ownId,
      ...(principal && names.fieldsOf(principal)),
      address,
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
    // A closed connection has no address.
    const address = names.addressOf(callerAddress(request));
    reply.raw.once('close', () => log(request, reply, address));
    done();
  });
}
