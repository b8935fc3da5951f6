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
      /** Nest's Redis transport needs the package `ioredis`. */
      readonly transport: 'redis';
      /** The URL of the broker: `redis://127.0.0.1:6379`, or `rediss://` with TLS. */
      readonly url: string;
    }
  | {
      /** Nest's NATS transport needs the package `@nats-io/transport-node`. */
      readonly transport: 'nats';
      /** The URL of the broker: `nats://127.0.0.1:4222`, or `tls://` with TLS. */
      readonly url: string;
      /** The subjects below which callers wait for answers. Messages with others are ignored. Default: `_INBOX`. */
      readonly inboxes?: readonly string[] | undefined;
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
 * const app = await NestFactory.create(AgentModule.forRoot({ rpc: RpcController, auth: 'api-key' }));
 * app.connectMicroservice({ strategy: rpcServer({ transport: 'nats', url: 'nats://127.0.0.1:4222' }) });
 */
export function rpcServer(options: RpcTransport): CustomTransportStrategy {
  switch (options.transport) {
    case 'tcp':
      return new RpcTcpServer(options);
    case 'redis':
      return new RpcRedisServer(options.url);
    case 'nats':
      return new RpcNatsServer(options.url, options.inboxes);
  }
}
