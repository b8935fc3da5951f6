import { applyDecorators, Get, Req, Res } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { authContextOf } from '../../auth/auth.guard.js';
import type { HttpRequest, HttpResponse } from '../../http/http.types.js';
import { WebSocketUpgrade } from '../../http/sockets/websocket.upgrade.js';
import { WithoutTimeout } from '../../http/timeout.interceptor.js';
import { OpenAIController } from '../openai-api.decorator.js';

/** The HTTP route that accepts or refuses an upgrade to WebSocket. */
@OpenAIController('Responses', 'chat')
export class ResponsesSocketController {
  constructor(private readonly upgrades: WebSocketUpgrade) {}

  /**
   * Connect by WebSocket
   * @remarks Each message is one JSON object, sent as text, of at most 256 KiB: `type` is `response.create`, and the
   * other fields are those of `POST /v1/responses` without `stream` and `background`. The service sends the events of
   * the response. One response is created at a time; further requests wait. A request that is refused is answered with
   * `{type: "error", status, error}`. A response with `store: false` can be continued on its connection, once. The
   * service closes a connection after an hour.
   */
  @ApiOperation({ operationId: 'connectResponses' })
  @Get('responses')
  @ApiUpgrade()
  connect(@Req() request: HttpRequest, @Res() response: HttpResponse): void {
    this.upgrades.accept(request, response, authContextOf(request));
  }
}

function ApiUpgrade(): MethodDecorator {
  const response = ApiResponse({ status: 101, description: 'The connection is now a WebSocket.' });
  return applyDecorators(WithoutTimeout(), response);
}
