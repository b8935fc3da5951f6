import type { Provider } from '@nestjs/common';
import { RedisConnections } from './redis.connections.js';
import { StorageModuleOptions } from '../storage.options.js';

/**
 * Provides the connections to the Redis that replicas share; undefined if there is only one process. The name of the
 * database separates its replicas from others at the same Redis.
 */
export const SHARED_REDIS: Provider = {
  provide: RedisConnections,
  inject: [StorageModuleOptions],
  useFactory: async ({ redisUrl, databaseUrl }: StorageModuleOptions) => {
    if (redisUrl === undefined) return undefined;
    return await RedisConnections.connect({ url: redisUrl, prefix: new URL(databaseUrl).pathname.slice(1) });
  },
};

/** Provides a port: by Redis if replicas share it, else within this process. */
export function sharedProvider<T>(
  port: Function & { readonly prototype: T },
  byRedis: (connections: RedisConnections) => T | Promise<T>,
  local: () => T,
): Provider {
  return {
    provide: port,
    inject: [RedisConnections],
    useFactory: (connections: RedisConnections | undefined) => (connections ? byRedis(connections) : local()),
  };
}
