import type { CustomTransportStrategy } from '@nestjs/microservices';
import { RpcNatsServer } from './nats.server.js';
import { RpcRedisServer } from './redis.server.js';
import { type RpcTcpPlace, RpcTcpServer } from './tcp.server.js';

/** By what messages come. */
export type RpcTransport =
  ({ readonly transport: 'tcp' } & RpcTcpPlace) | { readonly transport: 'redis' | 'nats'; readonly url: string };

/**
 * A transport of Nest's, in which a message is bounded, runs once however many replicas there are, and has its answer
 * when the application closes.
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
