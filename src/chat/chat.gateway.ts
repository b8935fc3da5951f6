import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { type BeforeApplicationShutdown, Logger, type OnApplicationBootstrap } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { type OnGatewayConnection, type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import type { RawData, WebSocket, WebSocketServer } from 'ws';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { API_PREFIX } from '../http/api.decorator.js';
import { RateLimiter } from '../http/throttling/rate.limiter.js';
import { ErrorResponse } from '../http/error-response.dto.js';
import { logFailure } from '../http/failure.log.js';
import { WebSocketUpgrade } from '../http/websocket.upgrade.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { ChatSocket } from './chat.socket.js';
import { FrameAnswerer } from './frame.answerer.js';
import { frameIdOf, parseFrame, readFrame } from './frame.reader.js';
import type { ErrorFrame } from './frames.dto.js';

const MAX_FRAME_BYTES = 256 * 1024;
/** The subprotocol: browsers cannot set other headers on a WebSocket. */
const PROTOCOL = 'rookery';

/**
 * The WebSocket `/api/v1/agent/ws`: chats, subscriptions, approvals and cancellations over one connection. Pass it to
 * `AgentModule.forRoot`. The application needs Nest's `WsAdapter`, or it does not start.
 *
 * The gateway reads frames from the socket itself. The parser and global pipes of the host do not apply. A frame has at
 * most 256 KiB. The origins in `corsOrigins` may connect besides the application's own.
 *
 * @example
 * import { Module } from '@nestjs/common';
 * import { NestFactory } from '@nestjs/core';
 * import { WsAdapter } from '@nestjs/platform-ws';
 * import { AgentModule } from 'rookery';
 * import { ChatGateway } from 'rookery/websocket';
 *
 * \@Module({ imports: [AgentModule.forRoot({ webSocket: ChatGateway })], providers: [PoetAgent] })
 * export class AppModule {}
 *
 * const app = await NestFactory.create(AppModule);
 * app.useWebSocketAdapter(new WsAdapter(app));
 */
@WebSocketGateway({
  path: `/${API_PREFIX}/ws`,
  maxPayload: MAX_FRAME_BYTES,
  handleProtocols: (offered: ReadonlySet<string>) => offered.has(PROTOCOL) && PROTOCOL,
})
export class ChatGateway
  implements OnGatewayInit<unknown>, OnGatewayConnection<WebSocket>, OnApplicationBootstrap, BeforeApplicationShutdown
{
  readonly #logger = new Logger(ChatGateway.name);
  readonly #sockets = new Set<ChatSocket>();
  #isBound = false;

  constructor(
    private readonly runner: AgentRunnerService,
    private readonly answerer: FrameAnswerer,
    private readonly limiter: RateLimiter,
    private readonly upgrades: WebSocketUpgrade,
    private readonly host: HttpAdapterHost,
  ) {}

  /** Passes every upgrade through the HTTP route before it becomes a WebSocket. */
  afterInit(server: unknown): void {
    if (!isWebSocketServer(server)) return;
    const complete = server.handleUpgrade.bind(server);
    server.handleUpgrade = (request: IncomingMessage, socket: Socket, head, done) =>
      this.upgrades.route(request, socket, () => complete(request, socket, head, done));
    server.on('headers', (lines, request) => lines.push(...this.upgrades.headersOf(request)));
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
    if (this.#isBound || !this.host.httpAdapter) return;
    throw new Error(
      'AgentModule: webSocket needs app.useWebSocketAdapter(new WsAdapter(app)) from @nestjs/platform-ws.',
    );
  }

  /** Serves a connection whose upgrade was authorized. Terminates any other. */
  handleConnection(client: WebSocket, request: IncomingMessage): void {
    // The adapter would log the mistakes of callers as errors.
    client.removeAllListeners('error');
    client.on('error', (cause) => this.#logger.debug({ cause, msg: 'a socket failed' }));
    const authContext = this.upgrades.authContextOf(request);
    if (authContext === undefined) {
      client.terminate();
      return;
    }
    const { principal, onCredentialsExpired } = authContext;
    const socket = new ChatSocket(client);
    this.#sockets.add(socket);
    const forget = onCredentialsExpired(() => socket.revoke());
    client.once('close', () => {
      forget();
      this.#sockets.delete(socket);
    });
    // Keeps the async context of the upgrade, so that frames belong to its trace.
    const receive = AsyncLocalStorage.bind((data: RawData, isBinary: boolean) =>
      socket.accept(() => this.#receive(data, isBinary, socket, principal)),
    );
    client.on('message', receive);
  }

  /** Closes the sockets after the runs have ended. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.beforeApplicationShutdown();
    await Promise.all(Array.from(this.#sockets, (socket) => socket.end()));
  }

  /** A socket that closes still emits frames: nobody may act on them. */
  async #receive(data: RawData, isBinary: boolean, socket: ChatSocket, principal: Principal): Promise<void> {
    if (socket.signal.aborted) return;
    const requestId = randomUUID();
    const fields = parseFrame(data, isBinary);
    try {
      await this.#consume(principal, socket);
      const frame = await readFrame(fields);
      if (socket.signal.aborted) return;
      const ids = { id: requestId, ownId: requestId };
      await this.answerer.answer(frame, { principal, requestId, ids }, socket);
    } catch (failure) {
      logFailure(this.#logger, failure, { request_id: requestId, msg: 'a frame failed' });
      socket.send(errorFrame(frameIdOf(fields), AgentError.from(failure), requestId));
    }
  }

  async #consume(principal: Principal, socket: ChatSocket): Promise<void> {
    try {
      await this.limiter.consume(principal);
    } catch (refusal) {
      if (AgentError.from(refusal).code === 'rate_limited') socket.addRefusal();
      throw refusal;
    }
  }
}

function errorFrame(id: string | null, error: AgentError, requestId: string): ErrorFrame {
  return { type: 'error', id, error: ErrorResponse.from(error, requestId) };
}

/** No `instanceof`: the application may load another copy of `ws`. */
function isWebSocketServer(server: unknown): server is WebSocketServer {
  return typeof server === 'object' && server !== null && 'handleUpgrade' in server;
}
