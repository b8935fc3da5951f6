import type { OnApplicationShutdown } from '@nestjs/common';
import { RedisConnections } from './redis.connections.js';

/** Which Redis the replicas share, and which database: its name keeps them apart from others at the same Redis. */
export interface SharedPlaces {
  readonly redisUrl: string | undefined;
  readonly databaseUrl: string;
}

/** The connections to the Redis that replicas share; none where there is one process only. */
export class SharedRedis implements OnApplicationShutdown {
  private constructor(readonly connections: RedisConnections | undefined) {}

  /** @throws Error when the URL is none of a Redis, or what Redis needs is not installed. */
  static async open({ redisUrl, databaseUrl }: SharedPlaces): Promise<SharedRedis> {
    if (redisUrl === undefined) return new SharedRedis(undefined);
    const prefix = new URL(databaseUrl).pathname.slice(1);
    return new SharedRedis(await RedisConnections.connect({ url: redisUrl, prefix }));
  }

  onApplicationShutdown(): void {
    this.connections?.onApplicationShutdown();
  }
}
