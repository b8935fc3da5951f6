import type { CustomTransportStrategy } from '@nestjs/microservices';
import { RpcNatsServer } from './nats.server.js';
import { RpcRedisServer } from './redis.server.js';
import { type RpcTcpPlace, RpcTcpServer } from './tcp.server.js';

/** The transport of the messages. */
export type RpcTransport =
  ({ readonly transport: 'tcp' } & RpcTcpPlace) | { readonly transport: 'redis' | 'nats'; readonly url: string };

/**
 * Creates a transport for Nest. It limits the size of messages and runs each message on one replica only. Open messages
 * are answered before the application closes.
 *
 * @example
 * app.connectMicroservice({ strategy: rpcServer({ transport: 'nats', url: 'nats://127.0.0.1:4222' }) });
 */
export function rpcServer(options: RpcTransport): CustomTransportStrategy {
  switch (options.transport) {
    case 'tcp':
      return new RpcTcpServer(options);
    case 'redis':
      return new RpcRedisServer(options.url);
    case 'nats':
      return new RpcNatsServer(options.url);
  }
}
