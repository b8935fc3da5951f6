import { applyDecorators, Get, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { authContextOf } from '../auth/auth.guard.js';
import { ApiController } from '../http/api.decorator.js';
import type { HttpRequest, HttpResponse } from '../http/http.types.js';
import { WithoutTimeout } from '../http/timeout.interceptor.js';
import { WebSocketUpgrade } from '../http/sockets/websocket.upgrade.js';
import { ApproveFrame, CancelFrame, ChatFrame, ErrorFrame, RunStateFrame, SubscribeFrame } from './frames.dto.js';

const FRAMES = [ChatFrame, SubscribeFrame, CancelFrame, ApproveFrame, RunStateFrame, ErrorFrame];

/** The HTTP route that accepts or refuses an upgrade to WebSocket. */
@ApiController('Chat', 'chat')
export class SocketController {
  constructor(private readonly upgrades: WebSocketUpgrade) {}

  /**
   * Connect by WebSocket
   * @remarks Chats, subscriptions, cancellations and approvals over one connection. Each message is one JSON object,
   * sent as text, of at most 256 KiB. The client sends `ChatFrame`, `SubscribeFrame`, `CancelFrame` and `ApproveFrame`.
   * Each has an `id` that the client chooses, and counts as a request. The service sends the events of
   * `POST /chat/stream` with that `id` added. It answers with `RunStateFrame` if a frame is done at once. It answers
   * with `ErrorFrame` if a frame is refused or fails; the socket stays open. A socket has at most 32 chats and
   * subscriptions. The service closes it with 1001 at shutdown or after an hour without use. It uses 1008 if the rate
   * limit refuses 20 frames within a minute. It uses 1013 if the client reads too slowly. A client that reconnects within
   * the grace period continues with `subscribe` and `after`.
   */
  @ApiOperation({ operationId: 'socket_connect' })
  @Get('ws')
  @ApiSocket()
  connect(@Req() request: HttpRequest, @Res() response: HttpResponse): void {
    this.upgrades.accept(request, response, authContextOf(request));
  }
}

function ApiSocket(): MethodDecorator {
  return applyDecorators(
    WithoutTimeout(),
    ApiExtraModels(...FRAMES),
    ApiHeader({
      name: 'Sec-WebSocket-Protocol',
      required: false,
      description: '`rookery` is accepted. Browsers may also offer a key or a token.',
      schema: { type: 'string', maxLength: 1000 },
      example: 'rookery',
    }),
    ApiResponse({
      status: 101,
      description: 'The connection is now a WebSocket with these frames.',
      content: { 'application/json': { schema: { oneOf: FRAMES.map((frame) => ({ $ref: getSchemaPath(frame) })) } } },
    }),
  );
}
