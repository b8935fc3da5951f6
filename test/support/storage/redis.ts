import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { RedisConnections } from '../../../src/storage/redis/redis.connections.js';
import { answers, REDIS_SERVER } from '../servers/own.redis.js';

export { OwnRedis } from '../servers/own.redis.js';

const PORT = 6379;

/** Suites that share the Redis of this machine, and suites that kill one of their own. */
export const describeRedis = await available('a Redis at 127.0.0.1:6379', () => answers(PORT));
export const describeOwnRedis = await available(REDIS_SERVER, () => Promise.resolve(existsSync(REDIS_SERVER)));

async function available(what: string, isThere: () => Promise<boolean>): Promise<jest.Describe> {
  if (await isThere()) return describe;
  if (process.env['CI'] === 'true') throw new Error(`These tests need ${what}.`);
  process.stderr.write(`SKIPPED the tests of several replicas: they need ${what}.\n`);
  return describe.skip;
}

/** Replicas that share one prefix of one Redis. */
export class Replicas {
  readonly prefix = `test-${randomUUID()}`;
  readonly #connections: RedisConnections[] = [];

  constructor(readonly url = `redis://127.0.0.1:${PORT}`) {}

  async add(): Promise<RedisConnections> {
    const connections = await RedisConnections.connect(this);
    this.#connections.push(connections);
    return connections;
  }

  /** Closes their connections and removes their keys. */
  async remove(): Promise<void> {
    for (const connections of this.#connections.splice(0)) connections.onApplicationShutdown();
    const last = await RedisConnections.connect(this);
    if (last.isConnected) {
      const keys = await last.commands.keys(`${last.prefix}*`);
      if (keys.length > 0) await last.commands.del(keys);
    }
    last.onApplicationShutdown();
  }
}
