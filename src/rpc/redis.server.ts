import { AsyncLocalStorage } from 'node:async_hooks';
import { createHash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RedisContext, ServerRedis } from '@nestjs/microservices';
import type { Redis } from 'ioredis';
import { importOptional } from '../async/optional.package.js';
import { isObject } from '../json/json.object.js';
import { type DrainingServer, settleLast } from './draining.server.js';
import { MAX_MESSAGE_BYTES } from './rpc.message.js';

/** Prefix of the keys that mark a message as taken. */
const DEDUP_PREFIX = 'rookery:rpc:';
/** Lifetime of a mark. No replica lags behind for longer. */
const DEDUP_TTL_SECONDS = 600;
/**
 * Lifetime of a mark whose message was refused before anything was run. A replica that lags behind for longer refuses
 * the message again. So callers without credentials cannot fill Redis with marks.
 */
const REFUSED_TTL_SECONDS = 10;
const REFUSED = new Set<unknown>([
  'malformed_request',
  'payload_too_large',
  'validation_failed',
  'unauthenticated',
  'forbidden',
  'rate_limited',
]);
/** Larger messages are ignored unread. Smaller ones are answered, with `payload_too_large` if they are too large. */
const MAX_TEXT_CHARS = 4 * MAX_MESSAGE_BYTES;
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
  /** The mark of the message that is handled. */
  readonly #mark = new AsyncLocalStorage<string>();

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
    if (!isRequest(text)) return;
    const mark = markOf(channel, text);
    if (!(await this.#claim(mark, publisher))) return;
    await this.#mark.run(mark, () => super.handleMessage(channel, text, publisher, pattern));
  }

  /** Shortens the life of the mark of a refused message, before the refusal is published. */
  override getPublisher(
    publisher: Redis,
    pattern: unknown,
    id: string,
    context: RedisContext,
  ): (response: unknown) => Promise<unknown> {
    const publish: (response: unknown) => unknown = super.getPublisher(publisher, pattern, id, context);
    const mark = this.#mark.getStore();
    return async (response) => {
      if (mark !== undefined && isRefusal(response)) await publisher.expire(mark, REFUSED_TTL_SECONDS);
      return await publish(response);
    };
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

  async #claim(mark: string, publisher: Redis): Promise<boolean> {
    if (this.#isDraining) await sleep(DRAINING_DELAY_MS);
    const claimId = randomUUID();
    if ((await publisher.set(mark, claimId, 'EX', DEDUP_TTL_SECONDS, 'NX')) === 'OK') return true;
    // If the answer to SET was lost, the client sends it again and finds its own mark.
    return (await publisher.get(mark)) === claimId;
  }
}

/** Hashes the whole text, which has the id of Nest's clients, so a forged id cannot suppress another message. */
function markOf(channel: string, text: string): string {
  return DEDUP_PREFIX + createHash('sha256').update(`${channel} ${text}`).digest('base64url');
}

/** Messages without an id are events, which nobody takes: they need no mark. */
function isRequest(text: string): boolean {
  if (text.length > MAX_TEXT_CHARS) return false;
  try {
    const packet: unknown = JSON.parse(text);
    return isObject(packet) && typeof packet['id'] === 'string';
  } catch {
    return false;
  }
}

function isRefusal(response: unknown): boolean {
  return isObject(response) && isObject(response['err']) && REFUSED.has(response['err']['error']);
}
