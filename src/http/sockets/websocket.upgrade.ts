import { EventEmitter } from 'node:events';
import { type IncomingMessage, type OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { AuthContext } from '../../auth/auth.context.js';
import { AgentError } from '../../errors/agent.error.js';
import { HttpModuleOptions } from '../http.options.js';
import type { HttpRequest, HttpResponse } from '../http.types.js';
import { StreamLimiter } from '../throttling/stream.limiter.js';

/** An upgrade request that its route has not answered yet. */
interface Pending {
  readonly response: ServerResponse;
  readonly socket: Socket;
  /** Completes the WebSocket handshake. @throws AgentError if the headers are invalid. */
  readonly complete: () => void;
}

/** An upgrade request that its route has accepted. */
interface AcceptedUpgrade {
  readonly authContext: AuthContext;
  /** The response headers that guards and hooks have set. */
  readonly headers: OutgoingHttpHeaders;
}

/**
 * Routes WebSocket upgrades through the application like ordinary requests. Node does not pass them to request
 * listeners. Here, all hooks, guards and filters apply, including those of the host.
 */
@Injectable()
export class WebSocketUpgrade {
  readonly #pending = new WeakMap<object, Pending>();
  readonly #accepted = new WeakMap<IncomingMessage, AcceptedUpgrade>();

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly streams: StreamLimiter,
    private readonly options: HttpModuleOptions,
  ) {}

  /** Passes the upgrade to the application. Calls `complete` once the route accepts it. */
  route(request: IncomingMessage, socket: Socket, complete: () => void): void {
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket);
    // Without a listener, a connection reset would crash the process.
    socket.on('error', () => socket.destroy());
    response.once('finish', () => socket.destroySoon());
    this.#pending.set(request, { response, socket, complete });
    const server: unknown = this.host.httpAdapter.getHttpServer();
    if (!(server instanceof EventEmitter)) throw new TypeError('The HTTP adapter has no server of Node.');
    server.emit('request', request, response);
  }

  /**
   * Accepts an upgrade. The socket counts as a stream of the caller until it closes.
   *
   * @throws AgentError `forbidden` if the page of a browser may not connect; `malformed_request` if the request is not a
   * valid upgrade; `rate_limited` if the caller has too many streams.
   */
  accept(request: HttpRequest, reply: HttpResponse, authContext: AuthContext): void {
    if (!this.#isWelcome(request)) {
      throw new AgentError('forbidden', { detail: 'Pages of this origin may not connect.' });
    }
    const raw = request.raw ?? request;
    const pending = this.#pending.get(raw);
    if (pending === undefined) {
      throw new AgentError('malformed_request', { detail: 'This is a WebSocket endpoint. Send an upgrade request.' });
    }
    const { response, socket, complete } = pending;
    socket.once('close', this.streams.open(authContext.principal));
    this.#accepted.set(response.req, { authContext, headers: reply.getHeaders() });
    complete();
    if (reply.raw !== undefined) reply.hijack();
    response.detachSocket(socket);
    response.statusCode = 101;
    // Listeners such as the request log wait for `close`; the detached socket no longer triggers it.
    response.emit('close');
  }

  /** Returns the authenticated caller of an accepted upgrade; undefined if the route did not accept it. */
  authContextOf(request: IncomingMessage): AuthContext | undefined {
    return this.#accepted.get(request)?.authContext;
  }

  /** Returns the extra header lines of the response to an accepted upgrade. */
  headersOf(request: IncomingMessage): string[] {
    const headers = this.#accepted.get(request)?.headers ?? {};
    return Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
  }

  /** Browsers let any page connect and send its origin. Other clients send no origin. */
  #isWelcome({ headers: { origin, host } }: HttpRequest): boolean {
    if (origin === undefined || this.options.corsOrigins.includes(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
  }
}
