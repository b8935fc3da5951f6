import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { WebSocketUpgrade } from '../http/sockets/websocket.upgrade.js';
import { FrameAnswerer } from './frame.answerer.js';
import { SocketController } from './socket.controller.js';

/** The WebSocket of the chat. */
@Module({ controllers: [SocketController], providers: [FrameAnswerer, WebSocketUpgrade] })
export class WebSocketModule {
  static register(imports: NonNullable<DynamicModule['imports']>, gateway: Type<object>): DynamicModule {
    return { module: WebSocketModule, imports, providers: [gateway] };
  }
}
