import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketGateway } from '@nestjs/websockets';
import type { Principal } from '../../auth/principal.js';
import type { AgentError } from '../../errors/agent.error.js';
import { OPENAI_PREFIX } from '../../http/api.prefixes.js';
import type { Caller } from '../../http/caller.decorator.js';
import type { ClientSocket } from '../../http/sockets/client.socket.js';
import { type FailedFrame, type FrameFields, SocketGateway } from '../../http/sockets/socket.gateway.js';
import { WebSocketUpgrade } from '../../http/sockets/websocket.upgrade.js';
import { RateLimiter } from '../../http/throttling/rate.limiter.js';
import { AgentRunnerService } from '../../runs/agent-runner.service.js';
import { openAIErrorOf, OpenAIRefusal, openAIStatusOf } from '../openai.error.js';
import { CallerMemory, ConnectionMemory } from './connection.memory.js';
import { SocketResponses } from './socket.responses.js';

const MAX_FRAME_BYTES = 256 * 1024;
/** The subprotocol of browsers, which offer a key as another one. */
const PROTOCOL = 'rookery';
/** A connection has one response at a time. Further requests wait. */
const LIMITS = { maxAtOnce: 1, maxFrames: 8 };
const LIFETIME_MINUTES = 60;

/**
 * The WebSocket `/v1/responses`: responses over one connection, one after another. Pass it to `AgentModule.forRoot` with
 * the OpenAI-compatible API. The application needs Nest's `WsAdapter`, or it does not start. A frame has at most 256 KiB.
 *
 * @example
 * import { Module } from '@nestjs/common';
 * import { NestFactory } from '@nestjs/core';
 * import { WsAdapter } from '@nestjs/platform-ws';
 * import { AgentModule } from 'rookery';
 * import { ResponsesGateway } from 'rookery/websocket';
 *
 * \@Module({ imports: [AgentModule.forRoot({ openai: { webSocket: ResponsesGateway } })], providers: [PoetAgent] })
 * export class AppModule {}
 *
 * const app = await NestFactory.create(AppModule);
 * app.useWebSocketAdapter(new WsAdapter(app));
 */
@WebSocketGateway({
  path: `/${OPENAI_PREFIX}/responses`,
  maxPayload: MAX_FRAME_BYTES,
  handleProtocols: (offered: ReadonlySet<string>) => offered.has(PROTOCOL) && PROTOCOL,
})
export class ResponsesGateway extends SocketGateway {
  readonly #memories = new WeakMap<ClientSocket, ConnectionMemory>();
  readonly #callers = new Map<string, CallerMemory>();

  constructor(
    private readonly runner: AgentRunnerService,
    private readonly responses: SocketResponses,
    limiter: RateLimiter,
    upgrades: WebSocketUpgrade,
    host: HttpAdapterHost,
  ) {
    super({ limiter, upgrades, host }, LIMITS);
  }

  /** Closes the connection after its longest lifetime. Its client opens another one. */
  protected override onOpen(socket: ClientSocket, principal: Principal): void {
    this.#remember(socket, principal);
    const detail = `A connection lasts at most ${LIFETIME_MINUTES} minutes. Open another one.`;
    const limit = new OpenAIRefusal('websocket_connection_limit_reached', null, detail);
    const timer = setTimeout(() => void socket.expire(frameOf(limit), detail), LIFETIME_MINUTES * 60_000);
    timer.unref();
    socket.signal.addEventListener('abort', () => clearTimeout(timer));
  }

  protected override async answer(fields: FrameFields, caller: Caller, socket: ClientSocket): Promise<void> {
    await this.responses.create(fields, { caller, socket, memory: this.#memoryOf(socket) });
  }

  /** A response is forgotten too if the rate limit refuses its continuation. */
  protected override errorFrame(error: AgentError, { fields, socket }: FailedFrame): object {
    this.#memoryOf(socket).take(fields?.['previous_response_id']);
    return frameOf(error);
  }

  protected override async untilIdle(): Promise<void> {
    await this.runner.beforeApplicationShutdown();
  }

  /** Gives the socket a memory until it closes. */
  #remember(socket: ClientSocket, { tenant, id }: Principal): void {
    const caller = JSON.stringify([tenant, id]);
    const shared = this.#callers.get(caller) ?? new CallerMemory();
    this.#callers.set(caller, shared);
    shared.connections++;
    const memory = new ConnectionMemory(shared);
    this.#memories.set(socket, memory);
    socket.signal.addEventListener('abort', () => {
      memory.forget();
      if (--shared.connections === 0) this.#callers.delete(caller);
    });
  }

  #memoryOf(socket: ClientSocket): ConnectionMemory {
    return this.#memories.get(socket) ?? new ConnectionMemory(new CallerMemory());
  }
}

function frameOf(error: AgentError): object {
  const status = openAIStatusOf(error.status, error);
  return { type: 'error', status, ...openAIErrorOf(error, status) };
}
