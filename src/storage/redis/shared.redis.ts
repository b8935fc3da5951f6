import type { OnApplicationShutdown, Provider } from '@nestjs/common';
import { RedisConnections } from './redis.connections.js';
import type { StorageModuleOptions } from '../storage.options.js';

/** The connections to the Redis that replicas share; undefined if there is only one process. */
export class SharedRedis implements OnApplicationShutdown {
  private constructor(readonly connections: RedisConnections | undefined) {}

  /**
   * The name of the database separates its replicas from others at the same Redis.
   *
   * @throws Error if the URL is not that of a Redis, or ioredis is not installed.
   */
  static async open({ redisUrl, databaseUrl }: StorageModuleOptions): Promise<SharedRedis> {
    if (redisUrl === undefined) return new SharedRedis(undefined);
    const prefix = new URL(databaseUrl).pathname.slice(1);
    return new SharedRedis(await RedisConnections.connect({ url: redisUrl, prefix }));
  }

  onApplicationShutdown(): void {
    this.connections?.onApplicationShutdown();
  }
}

/** Provides a port: by Redis if replicas share it, else within this process. */
export function sharedProvider<T>(
  port: Function & { readonly prototype: T },
  byRedis: (connections: RedisConnections) => T | Promise<T>,
  local: () => T,
): Provider {
  return {
    provide: port,
    inject: [SharedRedis],
    useFactory: ({ connections }: SharedRedis) => (connections ? byRedis(connections) : local()),
  };
}
