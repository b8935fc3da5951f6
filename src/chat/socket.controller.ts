import { applyDecorators, Get, Req, Res } from '@nestjs/common';
import { ApiExtraModels, ApiHeader, ApiOperation, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import { admissionOf } from '../auth/auth.guard.js';
import { AgentError } from '../errors/agent.error.js';
import { ApiController } from '../http/api.decorator.js';
import type { HttpRequest, HttpResponse } from '../http/http.exchange.js';
import { Upgrades } from '../http/upgrades.js';
import { ApproveFrame, CancelFrame, ChatFrame, ErrorFrame, RunStateFrame, SubscribeFrame } from './frames.dto.js';

const FRAMES = [ChatFrame, SubscribeFrame, CancelFrame, ApproveFrame, RunStateFrame, ErrorFrame];

/** Whose pages may connect. */
export abstract class SocketRules {
  abstract readonly corsOrigins: readonly string[];
}

/** Where an upgrade to WebSocket is let in, or not. */
@ApiController('Chat', 'chat')
export class SocketController {
  constructor(
    private readonly upgrades: Upgrades,
    private readonly rules: SocketRules,
  ) {}

  /**
   * Connect by WebSocket
   * @remarks Chats, subscriptions, cancellations and approvals over one connection. Each message is one JSON object, as
   * text, of 256 KiB at most. The caller sends `ChatFrame`, `SubscribeFrame`, `CancelFrame` and `ApproveFrame`, each with
   * an `id` of its choice; each counts as a request. It is sent the events of `POST /chat/stream`, with that `id` added,
   * `RunStateFrame` for what is done at once, and `ErrorFrame` for a frame that was refused or has failed: the socket
   * stays open then. A socket has at most 32 chats and subscriptions. It is closed with 1001 when the service ends, and
   * with 1013 when its reader is too slow; whoever connects again within the grace goes on with `subscribe` and `after`.
   */
  @ApiOperation({ operationId: 'socket_connect' })
  @Get('ws')
  @ApiSocket()
  connect(@Req() request: HttpRequest, @Res() response: HttpResponse): void {
    if (!this.#isWelcome(request)) {
      throw new AgentError('forbidden', { detail: 'Pages of this origin may not connect.' });
    }
    this.upgrades.accept(request, response, admissionOf(request));
  }

  /** Browsers let any page connect anywhere, and say whose page it is; others say nothing. */
  #isWelcome({ headers: { origin, host } }: HttpRequest): boolean {
    if (origin === undefined || this.rules.corsOrigins.includes(origin)) return true;
    return URL.canParse(origin) && new URL(origin).host === host?.toLowerCase();
  }
}

function ApiSocket(): MethodDecorator {
  return applyDecorators(
    ApiExtraModels(...FRAMES),
    ApiHeader({
      name: 'Sec-WebSocket-Protocol',
      required: false,
      description: '`rookery` is accepted. Browsers may offer a key or a token beside it.',
      schema: { type: 'string', maxLength: 1000 },
      example: 'rookery',
    }),
    ApiResponse({
      status: 101,
      description: 'From now on it is a WebSocket, with these frames.',
      content: { 'application/json': { schema: { oneOf: FRAMES.map((frame) => ({ $ref: getSchemaPath(frame) })) } } },
    }),
  );
}
