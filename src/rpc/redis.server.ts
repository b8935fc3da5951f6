import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { optional } from '../storage/optional.package.js';
import { type DrainingServer, within } from './draining.server.js';

/** Whatever is kept of a message that was taken begins with it. */
const TAKEN = 'rookery:rpc:';
/** No replica lags behind for longer. */
const TAKEN_SECONDS = 600;
/** What a replica that ends leaves the others to take a message. */
const OTHERS_FIRST_MS = 200;
const LONGEST_DELAY_MS = 1000;
/** What is still to be sent at the end has so long. */
const LAST_ANSWERS_MS = 1000;

/**
 * Nest's server for Redis. Each replica is sent every message; one of them takes it, and the others leave it alone. It
 * comes back by itself, however long Redis is away.
 */
export class RpcRedisServer extends ServerRedis implements DrainingServer {
  #isDraining = false;
  #isAway = false;

  /** @param url `redis://` or, with TLS, `rediss://`. */
  constructor(private readonly url: string) {
    super({});
  }

  drain(): void {
    this.#isDraining = true;
  }

  override async listen(callback: (failure?: unknown) => void): Promise<void> {
    await super.listen((cause) => {
      if (cause === undefined) return callback();
      for (const client of [this.subClient, this.pubClient]) client?.disconnect();
      callback(new Error('The Redis for RPC does not answer.', { cause }));
    });
  }

  override async createRedisClient(): Promise<Redis> {
    const { Redis: Client } = await optional('ioredis', 'RPC by Redis', () => import('ioredis'));
    return new Client(this.url, {
      lazyConnect: true,
      retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, LONGEST_DELAY_MS),
    });
  }

  // oxlint-disable-next-line max-params -- Nest's own
  override async handleMessage(channel: string, text: string, publisher: Redis, pattern: string): Promise<void> {
    if (await this.#take(channel, text, publisher)) await super.handleMessage(channel, text, publisher, pattern);
  }

  /** An event has nobody who waits for its answer: it is not begun. */
  override handleEvent(): Promise<void> {
    return Promise.resolve();
  }

  /** Sends what is written, and then closes; a Redis that is away is not waited for. */
  override async close(): Promise<void> {
    this.isManuallyClosed = true;
    const clients: (Redis | undefined)[] = [this.pubClient, this.subClient];
    for (const client of clients) {
      if (client?.status === 'ready') await within(LAST_ANSWERS_MS, client.quit());
      client?.disconnect();
    }
  }

  /** One line for each outage. */
  override registerErrorListener(client: Redis): void {
    client.on('error', (cause) => {
      if (this.#isAway || this.isManuallyClosed) return;
      this.#isAway = true;
      this.logger.warn({ cause, msg: 'the Redis for RPC is not reachable' });
    });
    client.on('ready', () => (this.#isAway = false));
  }

  protected override handleError(error: unknown): void {
    this.logger.warn({ cause: error, msg: 'a message by Redis was lost' });
  }

  /** By its whole text, in which Nest's clients put an id: nobody can have another's message passed over. */
  async #take(channel: string, text: string, publisher: Redis): Promise<boolean> {
    if (this.#isDraining) await sleep(OTHERS_FIRST_MS);
    const digest = createHash('sha256').update(`${channel} ${text}`).digest('base64url');
    const mine = randomUUID();
    if ((await publisher.set(TAKEN + digest, mine, 'EX', TAKEN_SECONDS, 'NX')) === 'OK') return true;
    // A SET whose answer was lost is sent again, and finds its own mark.
    return (await publisher.get(TAKEN + digest)) === mine;
  }
}
