import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyInstance, FastifyReply, FastifyRequest, HookHandlerDoneFunction as Done } from 'fastify';
import { AgentError, ErrorResponse, requestIdOf } from '../index.js';

const JSON_TYPE = 'application/json; charset=utf-8';
const CLIENT_ERRORS: Readonly<Record<string, number>> = {
  ERR_HTTP_REQUEST_TIMEOUT: 408,
  HPE_HEADER_OVERFLOW: 431,
};

/**
 * Answers unsupported methods of a route with 405. Call it after all routes are added, before the service listens.
 */
export function refuseOtherMethods(fastify: FastifyInstance, routes: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, methods] of routes) {
    const allow = [...methods].join(', ');
    const others = fastify.supportedMethods.filter((method) => !methods.has(method));
    const refuse = (_: FastifyRequest, reply: FastifyReply, done: Done): void => {
      reply.header('Allow', allow);
      done(new AgentError('method_not_allowed', { detail: `This route supports ${allow}.` }));
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

/** Answers a path that the router cannot parse. This happens before any hook runs. */
export function refuseUnroutable(_: Error, request: FastifyRequest, reply: FastifyReply): void {
  const error = new AgentError('malformed_request', { detail: 'The path cannot be parsed.' });
  reply
    .code(error.status)
    .headers({ 'Content-Type': JSON_TYPE, 'X-Content-Type-Options': 'nosniff', 'X-Request-Id': request.id })
    .send(JSON.stringify(ErrorResponse.from(error, request.id)));
}

/** Answers bytes that Node's HTTP parser rejected. No request object exists yet, so it writes to the socket. */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = CLIENT_ERRORS[error.code ?? ''] ?? 400;
  const requestId = requestIdOf({ headers: {} });
  const body = JSON.stringify(ErrorResponse.from(new AgentError('malformed_request'), requestId));
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nContent-Type: ${JSON_TYPE}\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\nX-Request-Id: ${requestId}\r\nConnection: close\r\n\r\n${body}`,
    // A peer that never closes its side would keep the socket open forever.
    () => socket.destroy(),
  );
}
