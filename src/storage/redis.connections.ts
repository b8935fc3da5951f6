import { Logger, type OnApplicationShutdown } from '@nestjs/common';
import type { Redis, RedisOptions } from 'ioredis';
import { optional } from './optional.package.js';
import { HEARTBEAT_MS, RedisHeartbeat } from './redis.heartbeat.js';

/** All that is kept in Redis begins with it. */
const REDIS_PREFIX = 'rookery:';

const LONGEST_DELAY_MS = 1000;

/** Which Redis, and what there is ours. */
export interface RedisPlace {
  /** `redis://` or, with TLS, `rediss://`. */
  readonly url: string;
  /** Tells apart applications that share a Redis; it comes after `rookery:`. Default: none. */
  readonly prefix?: string | undefined;
}

/** Nothing is kept back and nothing is sent twice: whoever asks while Redis is away is told so at once. */
const AT_ONCE = {
  lazyConnect: true,
  connectTimeout: 2000,
  disconnectTimeout: 100,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResubscribe: false,
  retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, LONGEST_DELAY_MS),
} satisfies RedisOptions;

/** This replica's connections to Redis. They come back by themselves, however long Redis is away. */
export class RedisConnections implements OnApplicationShutdown {
  readonly #logger = new Logger(RedisConnections.name);
  /** Each connection, and the one that it is a copy of. */
  readonly #clients = new Map<Redis, Redis>();
  readonly #heartbeats = new Map<Redis, RedisHeartbeat>();
  readonly #timer: NodeJS.Timeout;
  #isAway = false;
  #isClosed = false;
  /** The connection for whatever needs none of its own. It refuses at once while Redis is away. */
  readonly commands: Redis;

  private constructor(
    private readonly Client: typeof Redis,
    private readonly url: string,
    /** What every key and channel begins with. */
    readonly prefix: string,
  ) {
    this.commands = this.open();
    this.#timer = setInterval(() => this.#beat(), HEARTBEAT_MS).unref();
  }

  /**
   * Resolves once Redis answered, or did not: the connections are made as soon as it does.
   *
   * @throws Error when the URL is none of a Redis, or ioredis is not installed.
   */
  static async connect({ url, prefix }: RedisPlace): Promise<RedisConnections> {
    if (!/^rediss?:\/\/./.test(url)) throw new Error('The URL of Redis must begin with redis:// or rediss://.');
    const { Redis: Client } = await optional('ioredis', 'A Redis URL', () => import('ioredis'));
    const connections = new RedisConnections(Client, url, prefix ? `${REDIS_PREFIX}${prefix}:` : REDIS_PREFIX);
    await connections.commands.connect().catch(() => undefined);
    return connections;
  }

  get isConnected(): boolean {
    return this.commands.status === 'ready';
  }

  /** A further connection, for those who subscribe or block. It connects when it is first used, or told to. */
  open(options: RedisOptions = {}): Redis {
    const client = new this.Client(this.url, { ...AT_ONCE, ...options });
    // BullMQ blocks on a copy, where a heartbeat would have to wait.
    client.duplicate = (override) => this.#keep(new this.Client({ ...client.options, ...override }), client);
    this.#heartbeats.set(client, new RedisHeartbeat(client));
    return this.#keep(client, client);
  }

  /** Closes one connection, and the copies that were made of it. */
  release(client: Redis): void {
    this.#heartbeats.delete(client);
    for (const [copy, original] of this.#clients) {
      if (original !== client) continue;
      this.#clients.delete(copy);
      end(copy);
    }
  }

  onApplicationShutdown(): void {
    this.#isClosed = true;
    clearInterval(this.#timer);
    for (const client of this.#heartbeats.keys()) this.release(client);
  }

  #keep(client: Redis, original: Redis): Redis {
    this.#clients.set(client, original);
    client.on('error', (cause) => this.#away(cause));
    client.on('ready', () => this.#back());
    return client;
  }

  #beat(): void {
    for (const heartbeat of this.#heartbeats.values()) heartbeat.beat();
  }

  /** One line for each outage, however many connections and attempts it takes. */
  #away(cause: unknown): void {
    if (this.#isAway || this.#isClosed) return;
    this.#isAway = true;
    this.#logger.warn({ cause, msg: 'Redis is not reachable: replicas are on their own until it is back' });
  }

  #back(): void {
    if (!this.#isAway || !this.isConnected) return;
    this.#isAway = false;
    this.#logger.log({ msg: 'Redis is reachable again' });
  }
}

function end(client: Redis): void {
  // Between two attempts ioredis would stop trying, and never tell those who still wait for an answer.
  if (client.status === 'reconnecting') client.connect().catch(() => undefined);
  client.disconnect();
}
