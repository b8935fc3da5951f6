import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis, RedisOptions } from 'ioredis';
import { importOptional } from '../../async/optional.package.js';
import { HEARTBEAT_MS, RedisHeartbeat } from './redis.heartbeat.js';

/** The prefix of all keys and channels in Redis. */
const REDIS_PREFIX = 'rookery:';

const MAX_DELAY_MS = 1000;

/** The Redis server, and the prefix of this application in it. */
export interface RedisLocation {
  /** `redis://` or, with TLS, `rediss://`. */
  readonly url: string;
  /** Separates applications that share a Redis; it follows `rookery:`. Default: none. */
  readonly prefix?: string | undefined;
}

/** Commands are neither queued nor sent twice: they fail at once while Redis is away. */
const NO_RETRY = {
  lazyConnect: true,
  connectTimeout: 2000,
  disconnectTimeout: 100,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, MAX_DELAY_MS),
} satisfies RedisOptions;

/** This replica's connections to Redis. They reconnect by themselves after an outage of any length. */
export class RedisConnections implements OnApplicationShutdown {
  readonly #logger = new Logger(RedisConnections.name);
  /** Each connection, and the one that it was copied from. */
  readonly #clients = new Map<Redis, Redis>();
  readonly #heartbeats = new Map<Redis, RedisHeartbeat>();
  readonly #timer: NodeJS.Timeout;
  #isDisconnected = false;
  #isClosed = false;
  /** The shared connection for commands. It refuses them at once while Redis is away. */
  readonly commands: Redis;

  private constructor(
    private readonly Client: typeof Redis,
    private readonly url: string,
    /** The prefix of every key and channel. */
    readonly prefix: string,
  ) {
    this.commands = this.open();
    this.#timer = setInterval(() => {
      for (const heartbeat of this.#heartbeats.values()) heartbeat.ping();
    }, HEARTBEAT_MS).unref();
  }

  /**
   * Resolves after the first attempt to connect, even if it failed: the connections retry until Redis answers.
   *
   * @throws Error if the URL is not that of a Redis, or ioredis is not installed.
   */
  static async connect({ url, prefix }: RedisLocation): Promise<RedisConnections> {
    if (!/^rediss?:\/\/./.test(url)) throw new Error('The URL of Redis must begin with redis:// or rediss://.');
    const { Redis: Client } = await importOptional('ioredis', 'A Redis URL', () => import('ioredis'));
    const connections = new RedisConnections(Client, url, prefix ? `${REDIS_PREFIX}${prefix}:` : REDIS_PREFIX);
    await connections.commands.connect().catch(() => undefined);
    return connections;
  }

  get isConnected(): boolean {
    return this.commands.status === 'ready';
  }

  /** Opens a further connection, to subscribe or to block. It connects on its first use, or on `connect()`. */
  open(options: RedisOptions = {}): Redis {
    const client = new this.Client(this.url, { ...NO_RETRY, ...options });
    // BullMQ blocks on a copy, so a copy has no heartbeat: its answer would have to wait.
    client.duplicate = (override) => this.#track(new this.Client({ ...client.options, ...override }), client);
    this.#heartbeats.set(client, new RedisHeartbeat(client));
    return this.#track(client, client);
  }

  /** Closes a connection and its copies. */
  release(client: Redis): void {
    this.#heartbeats.delete(client);
    for (const [copy, original] of this.#clients) {
      if (original !== client) continue;
      this.#clients.delete(copy);
      // Between two attempts ioredis would stop trying, and leave pending commands without an answer.
      if (copy.status === 'reconnecting') copy.connect().catch(() => undefined);
      copy.disconnect();
    }
  }

  onApplicationShutdown(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const client of this.#heartbeats.keys()) this.release(client);
  }

  #track(client: Redis, original: Redis): Redis {
    this.#clients.set(client, original);
    client.on('error', (cause) => this.#onDisconnected(cause));
    client.on('ready', () => this.#onReconnected());
    return client;
  }

  /** Logs one line per outage, for any number of connections and attempts. */
  #onDisconnected(cause: unknown): void {
    if (this.#isDisconnected || this.#isClosed) return;
    this.#isDisconnected = true;
    this.#logger.warn({ cause, msg: 'Redis is not reachable: replicas cannot notify each other until it is back' });
  }

  #onReconnected(): void {
    if (!this.#isDisconnected || !this.isConnected) return;
    this.#isDisconnected = false;
    this.#logger.log({ msg: 'Redis is reachable again' });
  }
}
