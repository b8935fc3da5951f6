import { HttpAdapterHost } from '@nestjs/core';
import { WebSocketGateway } from '@nestjs/websockets';
import type { AgentError } from '../errors/agent.error.js';
import { API_PREFIX } from '../http/api.decorator.js';
import type { Caller } from '../http/caller.decorator.js';
import { ErrorResponse } from '../http/error-response.dto.js';
import type { ClientSocket } from '../http/sockets/client.socket.js';
import { type FailedFrame, type FrameFields, SocketGateway } from '../http/sockets/socket.gateway.js';
import { WebSocketUpgrade } from '../http/sockets/websocket.upgrade.js';
import { RateLimiter } from '../http/throttling/rate.limiter.js';
import { AgentRunnerService } from '../runs/agent-runner.service.js';
import { FrameAnswerer } from './frame.answerer.js';
import { frameIdOf, readFrame } from './frame.reader.js';
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
export class ChatGateway extends SocketGateway {
  constructor(
    private readonly runner: AgentRunnerService,
    private readonly answerer: FrameAnswerer,
    limiter: RateLimiter,
    upgrades: WebSocketUpgrade,
    host: HttpAdapterHost,
  ) {
    super({ limiter, upgrades, host });
  }

  protected override async answer(fields: FrameFields, caller: Caller, socket: ClientSocket): Promise<void> {
    const frame = await readFrame(fields);
    if (!socket.signal.aborted) await this.answerer.answer(frame, caller, socket);
  }

  protected override errorFrame(error: AgentError, { fields, requestId }: FailedFrame): ErrorFrame {
    return { type: 'error', id: frameIdOf(fields), error: ErrorResponse.from(error, requestId) };
  }

  protected override async untilIdle(): Promise<void> {
    await this.runner.beforeApplicationShutdown();
  }
}
