import type { OnApplicationShutdown } from '@nestjs/common';
import { RedisConnections } from './redis.connections.js';

/**
 * The Redis and the database that the replicas share. The name of the database separates them from others at the same
 * Redis.
 */
export interface SharedPlaces {
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string;
}

/** The connections to the Redis that replicas share; undefined if there is only one process. */
export class SharedRedis implements OnApplicationShutdown {
  private constructor(readonly connections: RedisConnections | undefined) {}

  /** @throws Error if the URL is not that of a Redis, or ioredis is not installed. */
  static async open({ redisUrl, databaseUrl }: SharedPlaces): Promise<SharedRedis> {
    if (redisUrl === undefined) return new SharedRedis(undefined);
    const prefix = new URL(databaseUrl).pathname.slice(1);
    return new SharedRedis(await RedisConnections.connect({ url: redisUrl, prefix }));
  }

  onApplicationShutdown(): void {
    this.connections?.onApplicationShutdown();
  }
}
