import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { importOptional } from '../storage/optional.package.js';
import { type DrainingServer, settleLast } from './draining.server.js';

/** Prefix of the keys that mark a message as taken. */
const DEDUP_PREFIX = 'rookery:rpc:';
/** Lifetime of a mark. No replica lags behind for longer. */
const DEDUP_TTL_SECONDS = 600;
/** How long a draining replica waits, so that other replicas can take the message. */
const DRAINING_DELAY_MS = 200;
const MAX_DELAY_MS = 1000;

/**
 * Nest's server for Redis. Every replica receives each message, and exactly one of them takes it. The server reconnects
 * without a limit.
 */
export class RpcRedisServer extends ServerRedis implements DrainingServer {
  #isDraining = false;
  #isDisconnected = false;
  /** The client that subscribes, then the one that publishes. */
  readonly #clients: Redis[] = [];

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
      for (const client of this.#clients) client.disconnect();
      callback(new Error('Redis for RPC does not answer.', { cause }));
    });
  }

  override async createRedisClient(): Promise<Redis> {
    const { Redis: Client } = await importOptional('ioredis', 'RPC by Redis', () => import('ioredis'));
    const client = new Client(this.url, {
      lazyConnect: true,
      retryStrategy: (attempt) => Math.min(25 * 2 ** attempt, MAX_DELAY_MS),
    });
    this.#clients.push(client);
    return client;
  }

  override async handleMessage(channel: string, text: string, publisher: Redis, pattern: string): Promise<void> {
    if (await this.#claim(channel, text, publisher)) await super.handleMessage(channel, text, publisher, pattern);
  }

  /** Ignores events: nobody waits for their answer. */
  override handleEvent(): Promise<void> {
    return Promise.resolve();
  }

  /** Sends the pending answers, then closes. Does not wait for an unreachable Redis. */
  override async close(): Promise<void> {
    this.isManuallyClosed = true;
    for (const client of this.#clients.toReversed()) {
      if (client.status === 'ready') await settleLast(client.quit());
      client.disconnect();
    }
  }

  /** Logs one line per outage. */
  override registerErrorListener(client: Redis): void {
    client.on('error', (cause) => {
      if (this.#isDisconnected || this.isManuallyClosed) return;
      this.#isDisconnected = true;
      this.logger.warn({ cause, msg: 'Redis for RPC is not reachable' });
    });
    client.on('ready', () => (this.#isDisconnected = false));
  }

  protected override handleError(error: unknown): void {
    this.logger.warn({ cause: error, msg: 'a message from Redis was lost' });
  }

  /** Hashes the whole text, which has the id of Nest's clients, so a forged id cannot suppress another message. */
  async #claim(channel: string, text: string, publisher: Redis): Promise<boolean> {
    if (this.#isDraining) await sleep(DRAINING_DELAY_MS);
    const digest = createHash('sha256').update(`${channel} ${text}`).digest('base64url');
    const claimId = randomUUID();
    if ((await publisher.set(DEDUP_PREFIX + digest, claimId, 'EX', DEDUP_TTL_SECONDS, 'NX')) === 'OK') return true;
    // If the answer to SET was lost, the client sends it again and finds its own mark.
    return (await publisher.get(DEDUP_PREFIX + digest)) === claimId;
  }
}
