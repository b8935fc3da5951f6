import { Module } from '@nestjs/common';
import { Database } from './database.js';
import { LocalPubSub } from './pubsub/local.pubsub.js';
import { PubSub } from './pubsub/pubsub.js';
import { RedisPubSub } from './pubsub/redis.pubsub.js';
import { RedisConnections } from './redis/redis.connections.js';
import { SHARED_REDIS } from './redis/shared.redis.js';
import { SharedSecret } from './shared.secret.js';
import { StorageModuleOptions } from './storage.options.js';
import { WriteRetries } from './write.retries.js';

/** The database, and what the replicas share by Redis. */
@Module({
  providers: [
    {
      provide: Database,
      inject: [StorageModuleOptions],
      useFactory: ({ databaseUrl }: StorageModuleOptions) => Database.open(databaseUrl),
    },
    SHARED_REDIS,
    { provide: SharedSecret, inject: [Database], useFactory: (database: Database) => SharedSecret.read(database) },
    {
      provide: PubSub,
      inject: [SharedSecret, RedisConnections],
      useFactory: (secret: SharedSecret, connections: RedisConnections | undefined) =>
        connections ? new RedisPubSub(connections, secret.keyFor('messages')) : new LocalPubSub(),
    },
    WriteRetries,
  ],
  exports: [Database, RedisConnections, SharedSecret, PubSub, WriteRetries],
})
export class StorageModule {}
