import type { CustomTransportStrategy } from '@nestjs/microservices';
import { RpcNatsServer } from './nats.server.js';
import { RpcRedisServer } from './redis.server.js';
import { type RpcTcpAddress, RpcTcpServer } from './tcp.server.js';

/** The transport of the messages. */
export type RpcTransport =
  | ({
      /** Nest's TCP transport. */
      readonly transport: 'tcp';
    } & RpcTcpAddress)
  | {
      /** Nest's Redis transport needs the package `ioredis`, and its NATS transport `@nats-io/transport-node`. */
      readonly transport: 'redis' | 'nats';
      /** The URL of the broker, such as `redis://127.0.0.1:6379` or `nats://127.0.0.1:4222`. */
      readonly url: string;
    };

/**
 * Creates a transport for Nest. It limits the size of messages to 256 KiB and runs each message on one replica only.
 * Open messages are answered before the application closes.
 *
 * @example
 * import { NestFactory } from '@nestjs/core';
 * import { AgentModule } from 'rookery';
 * import { RpcController, rpcServer } from 'rookery/rpc';
 *
 * const app = await NestFactory.create(AgentModule.forRoot({ rpc: RpcController }));
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
