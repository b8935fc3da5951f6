import { type IncomingMessage, type OutgoingHttpHeaders, type Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { Admission } from '../auth/admission.js';
import { AgentError } from '../errors/agent.error.js';
import type { HttpRequest, HttpResponse } from './http.exchange.js';

/** An upgrade that is on its way to its route. */
interface Pending {
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Makes it a WebSocket. @throws AgentError where its headers are not right. */
  readonly complete: () => void;
}

/** An upgrade that its route has let in. */
interface Admitted {
  readonly admission: Admission;
  /** What guards and hooks have to say with the answer. */
  readonly headers: OutgoingHttpHeaders;
}

/**
 * Upgrades, as the requests that they are. Node keeps them from the application; here they take the way of any other
 * request to a route, so that hooks, guards and filters, the host's own too, refuse them like any other.
 */
@Injectable()
export class Upgrades {
  readonly #pending = new WeakMap<object, Pending>();
  readonly #admitted = new WeakMap<IncomingMessage, Admitted>();

  constructor(private readonly host: HttpAdapterHost) {}

  /** Has the application answer the upgrade; `complete` is called once the route accepts it. */
  route(request: IncomingMessage, socket: Socket, complete: () => void): void {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    // Without a listener the reset of a caller that has left would end the process.
    socket.on('error', () => socket.destroy());
    response.once('finish', () => socket.destroySoon());
    this.#pending.set(request, { response, socket, complete });
    const server: Server = this.host.httpAdapter.getHttpServer();
    server.emit('request', request, response);
  }

  /** Lets the upgrade in that this request is. @throws AgentError `malformed_request` where it is none, or not right. */
  accept(request: HttpRequest, reply: HttpResponse, admission: Admission): void {
    const raw = request.raw ?? request;
    const pending = this.#pending.get(raw);
    if (pending === undefined) {
      throw new AgentError('malformed_request', { detail: 'This is a WebSocket: ask for an upgrade.' });
    }
    const { response, socket, complete } = pending;
    this.#admitted.set(response.req, { admission, headers: reply.getHeaders() });
    complete();
    if (reply.raw !== undefined) reply.hijack();
    response.detachSocket(socket);
    response.statusCode = 101;
    // For whoever waits for the end of the answer, as the log does: it is not told by the socket any more.
    response.emit('close');
  }

  /** Who connects; undefined where the route has not let the upgrade in. */
  admissionOf(request: IncomingMessage): Admission | undefined {
    return this.#admitted.get(request)?.admission;
  }

  /** The lines that the answer to an accepted upgrade has besides those of the protocol. */
  headersOf(request: IncomingMessage): string[] {
    const headers = this.#admitted.get(request)?.headers ?? {};
    return Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  }
}
