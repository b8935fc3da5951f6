import { Redis } from 'ioredis';
import { emptyPostgres, hasPostgres, redisUrl as findRedis, emptySqlite } from '../../test/support/storage/stores.ts';

/** The stores of an application: its own database, and its own keys in Redis. */
export interface Place {
  readonly name: 'embedded' | 'cluster';
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  remove(): Promise<void>;
}

export async function embeddedPlace(): Promise<Place> {
  const database = await emptySqlite.create('bench');
  return { name: 'embedded', databaseUrl: database.databaseUrl, remove: () => database.drop() };
}

/** Returns PostgreSQL and Redis, or undefined and a message on stdout if one does not answer. */
export async function clusterPlace(): Promise<Place | undefined> {
  const redisUrl = await findRedis();
  if (!hasPostgres || redisUrl === undefined) return undefined;
  const database = await emptyPostgres.create('bench');
  const { databaseUrl } = database;
  return {
    name: 'cluster',
    databaseUrl,
    redisUrl,
    async remove() {
      await forget(redisUrl, `rookery:${new URL(databaseUrl).pathname.slice(1)}:`);
      await database.drop();
    },
  };
}

/** Runs the work on the stores of a place and then removes them. */
export async function within<T>(place: Place, work: (place: Place) => Promise<T>): Promise<T> {
  try {
    return await work(place);
  } finally {
    await place.remove();
  }
}

async function forget(url: string, prefix: string): Promise<void> {
  const redis = new Redis(url);
  try {
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', 1000);
      if (keys.length > 0) await redis.del(keys);
      cursor = next;
    } while (cursor !== '0');
  } finally {
    redis.disconnect();
  }
}
