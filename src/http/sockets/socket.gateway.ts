import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import type { HttpAdapterHost } from '@nestjs/core';
import type { OnGatewayConnection, OnGatewayInit } from '@nestjs/websockets';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import type { Principal } from '../../auth/principal.js';
import { AgentError } from '../../errors/agent.error.js';
import { isObject, type JsonObject } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { Caller } from '../caller.decorator.js';
import { logFailure } from '../failure.log.js';
import type { RateLimiter } from '../throttling/rate.limiter.js';
import { ClientSocket, type ClientSocketOptions } from './client.socket.js';
import type { WebSocketUpgrade } from './websocket.upgrade.js';

/** A frame as received. Undefined: it is not a JSON object, sent as text. */
export type FrameFields = JsonObject | undefined;

/** A frame that was refused or failed. */
export interface FailedFrame {
  readonly fields: FrameFields;
  readonly requestId: string;
  readonly socket: ClientSocket;
}

/** The services of a gateway. */
export interface SocketServices {
  readonly limiter: RateLimiter;
  readonly upgrades: WebSocketUpgrade;
  readonly host: HttpAdapterHost;
}

/**
 * A WebSocket of the API. Its upgrade passes through an HTTP route, with all guards. Each frame counts as a request.
 * Sockets close when the credentials of their client end, and at shutdown after the runs.
 */
export abstract class SocketGateway
  implements OnGatewayInit<unknown>, OnGatewayConnection<WebSocket>, OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly #logger = new Logger(this.constructor.name);
  readonly #sockets = new Set<ClientSocket>();
  #isBound = false;

  protected constructor(
    private readonly services: SocketServices,
    private readonly options: ClientSocketOptions = {},
  ) {}

  /** Answers a frame. @throws AgentError if the frame is refused. */
  protected abstract answer(fields: FrameFields, caller: Caller, socket: ClientSocket): Promise<void>;

  /** The frame that says why a frame was refused or failed. */
  protected abstract errorFrame(error: AgentError, failed: FailedFrame): object;

  /** Resolves once the runs have ended, at shutdown. */
  protected abstract untilIdle(): Promise<void>;

  /** Called for each new socket. */
  protected onOpen(_socket: ClientSocket, _principal: Principal): void {
    // Most gateways do nothing.
  }

  /** Passes every upgrade through the HTTP route before it becomes a WebSocket. */
  afterInit(server: unknown): void {
    if (!isWebSocketServer(server)) return;
    const { upgrades } = this.services;
    const complete = server.handleUpgrade.bind(server);
    server.handleUpgrade = (request: IncomingMessage, socket: Socket, head, done) =>
      upgrades.route(request, socket, () => complete(request, socket, head, done));
    server.on('headers', (lines, request) => lines.push(...upgrades.headersOf(request)));
    server.on('wsClientError', ({ message }) => {
      // Emitted within `complete`, so the route throws it.
      throw new AgentError('malformed_request', { detail: `${message}.` });
    });
    this.#isBound = true;
  }

  /**
   * Checks the adapter.
   *
   * @throws Error if the application has no `WsAdapter`.
   */
  onApplicationBootstrap(): void {
    if (this.#isBound || !this.services.host.httpAdapter) return;
    throw new Error(
      'AgentModule: webSocket needs app.useWebSocketAdapter(new WsAdapter(app)) from @nestjs/platform-ws.',
    );
  }

  /** Serves a connection whose upgrade was authorized. Terminates any other. */
  handleConnection(client: WebSocket, request: IncomingMessage): void {
    // The adapter would log the mistakes of callers as errors.
    client.removeAllListeners('error');
    client.on('error', (cause) => this.#logger.debug({ cause, msg: 'a socket failed' }));
    const authContext = this.services.upgrades.authContextOf(request);
    if (authContext === undefined) {
      client.terminate();
      return;
    }
    const { principal, onCredentialsExpired } = authContext;
    const socket = new ClientSocket(client, this.options);
    this.#sockets.add(socket);
    const forget = onCredentialsExpired(() => socket.revoke());
    client.once('close', () => {
      forget();
      this.#sockets.delete(socket);
    });
    // Keeps the async context of the upgrade, so that frames belong to its trace.
    const receive = AsyncLocalStorage.bind((data: RawData, isBinary: boolean) =>
      socket.accept(() => this.#receive(parseFrame(data, isBinary), socket, principal)),
    );
    client.on('message', receive);
    this.onOpen(socket, principal);
  }

  /** Closes the sockets after the runs have ended. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.untilIdle();
    await Promise.all(Array.from(this.#sockets, (socket) => socket.end()));
  }

  /** A socket that closes still emits frames: nobody may act on them. */
  async #receive(fields: FrameFields, socket: ClientSocket, principal: Principal): Promise<void> {
    if (socket.signal.aborted) return;
    const requestId = randomUUID();
    try {
      await this.#consume(principal, socket);
      if (socket.signal.aborted) return;
      await this.answer(fields, { principal, requestId, ids: { id: requestId, ownId: requestId } }, socket);
    } catch (failure) {
      logFailure(this.#logger, failure, { request_id: requestId, msg: 'a frame failed' });
      socket.send(this.errorFrame(AgentError.from(failure), { fields, requestId, socket }));
    }
  }

  async #consume(principal: Principal, socket: ClientSocket): Promise<void> {
    try {
      await this.services.limiter.consume(principal);
    } catch (refusal) {
      if (AgentError.from(refusal).code === 'rate_limited') socket.addRefusal();
      throw refusal;
    }
  }
}

/** Parses a message. Returns undefined if it is not a JSON object, sent as text. */
function parseFrame(data: RawData, isBinary: boolean): FrameFields {
  if (isBinary || !Buffer.isBuffer(data)) return undefined;
  const value = tryParseJson(data.toString());
  return isObject(value) ? value : undefined;
}

/** No `instanceof`: the application may load another copy of `ws`. */
function isWebSocketServer(server: unknown): server is WebSocketServer {
  return typeof server === 'object' && server !== null && 'handleUpgrade' in server;
}
