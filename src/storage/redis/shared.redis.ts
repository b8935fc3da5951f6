import type { Provider } from '@nestjs/common';
import { RedisConnections } from './redis.connections.js';
import { StorageModuleOptions } from '../storage.options.js';

/**
 * Provides the connections to the Redis that replicas share; undefined if there is only one process. A prefix, or the
 * name of the database, separates its replicas from others at the same Redis.
 */
export const SHARED_REDIS: Provider = {
  provide: RedisConnections,
  inject: [StorageModuleOptions],
  useFactory: async ({ redisUrl, redisPrefix, databaseUrl }: StorageModuleOptions) => {
    if (redisUrl === undefined) return undefined;
    // Not the host of the database: replicas may reach it under different names.
    const prefix = redisPrefix ?? new URL(databaseUrl).pathname.slice(1);
    return await RedisConnections.connect({ url: redisUrl, prefix });
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
