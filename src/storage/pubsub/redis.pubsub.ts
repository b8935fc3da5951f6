import { Logger } from '@nestjs/common';
import type { Redis } from 'ioredis';
import { MessageSignature } from './message.signature.js';
import { PubSub, type PubSubListener } from './pubsub.js';
import { PubSubBatch, unpacked } from './pubsub.batch.js';
import { LocalPubSub } from './local.pubsub.js';
import { newId } from '../new.id.js';
import type { RedisConnections } from '../redis/redis.connections.js';

/** Publishes many topics in one command: a command for each costs this process twice the CPU. */
const PUBLISH_ALL = `for i = 1, #ARGV, 2 do redis.call('publish', ARGV[i], ARGV[i + 1]) end`;

/** The minimum interval between warnings about messages without a valid signature. */
const WARN_INTERVAL_MS = 60_000;

/** A topic with listeners in this process. */
interface Topic {
  listeners: number;
  /** Whether Redis has confirmed that it sends us the topic. */
  isOpen: boolean;
  /** Called once Redis has confirmed it. */
  readonly waiting: Set<() => void>;
}

/**
 * A broadcast among replicas by Redis PUBLISH and SUBSCRIBE. Listeners of this replica are called directly, so Redis
 * may be away. Messages of this replica that come back from Redis are dropped. Messages are signed with a secret that only
 * the database has.
 */
export class RedisPubSub extends PubSub {
  readonly isShared = true;
  readonly #logger = new Logger(RedisPubSub.name);
  readonly #local = new LocalPubSub();
  readonly #replica = newId();
  readonly #topics = new Map<string, Topic>();
  readonly #reconnectListeners = new Set<() => void>();
  readonly #batch = new PubSubBatch();
  readonly #subscriber: Redis;
  readonly #prefix: string;
  #isPublishing = false;
  #wasDisconnected = false;
  #isRefused = false;
  #warnedMs = -Infinity;
  readonly #signature: MessageSignature;

  /** @param secret as all replicas of the database have it. */
  constructor(
    private readonly redis: RedisConnections,
    secret: Buffer,
  ) {
    super();
    this.#signature = new MessageSignature(secret);
    this.#prefix = `${redis.prefix}broadcast:`;
    this.#subscriber = redis.open();
    this.#subscriber.on('message', (channel: string, packed: string) => this.#receive(channel, packed));
    this.#subscriber.on('ready', () => void this.#subscribeAll());
    this.#subscriber.on('close', () => this.#onDisconnected());
    this.#subscriber.connect().catch(() => undefined);
  }

  get isConnected(): boolean {
    return this.redis.isConnected && this.#subscriber.status === 'ready';
  }

  publish(topic: string, message: string): void {
    this.#local.publish(topic, message);
    // Best effort: nothing is stored for later.
    if (!this.redis.isConnected) return;
    this.#batch.add(topic, message);
    if (this.#isPublishing) return;
    this.#isPublishing = true;
    setImmediate(() => void this.#publishAll());
  }

  subscribe(name: string, listener: PubSubListener, onOpen?: () => void): () => void {
    const topic = this.#topics.get(name) ?? this.#begin(name);
    topic.listeners++;
    const unsubscribe = this.#local.subscribe(name, listener);
    const opened = onOpen && (() => onOpen());
    if (opened && topic.isOpen) opened();
    else if (opened) topic.waiting.add(opened);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      unsubscribe();
      if (opened) topic.waiting.delete(opened);
      if (--topic.listeners > 0) return;
      this.#topics.delete(name);
      // A lost connection drops its subscriptions by itself.
      this.#subscriber.unsubscribe(`${this.#prefix}${name}`).catch(() => undefined);
    };
  }

  onReconnect(listener: () => void): () => void {
    const once = () => listener();
    this.#reconnectListeners.add(once);
    return () => this.#reconnectListeners.delete(once);
  }

  /** Sends one batch at a time. The next batch collects meanwhile, so each tick costs at most one write. */
  async #publishAll(): Promise<void> {
    while (!this.#batch.isEmpty) {
      const published = [...this.#batch.drain()].flatMap(([topic, packed]) => {
        const channel = `${this.#prefix}${topic}`;
        return [channel, this.#signature.sign(channel, this.#replica + packed)];
      });
      try {
        await this.redis.commands.eval(PUBLISH_ALL, 0, ...published);
      } catch (cause) {
        this.#fail(cause);
      }
    }
    this.#isPublishing = false;
  }

  #receive(channel: string, signed: string): void {
    if (signed.startsWith(this.#replica)) return;
    const topic = channel.slice(this.#prefix.length);
    const { text, isVerified } = this.#signature.verify(channel, signed);
    if (!isVerified) this.#warn(topic);
    for (const message of unpacked(text, this.#replica.length)) this.#local.publish(topic, message, isVerified);
  }

  /** Once a minute: a replica of an older release sends many such messages. */
  #warn(topic: string): void {
    if (performance.now() - this.#warnedMs < WARN_INTERVAL_MS) return;
    this.#warnedMs = performance.now();
    this.#logger.warn({
      topic,
      msg: 'Redis delivered a message without a valid signature: an older replica or a stranger sent it',
    });
  }

  #begin(name: string): Topic {
    const topic: Topic = { listeners: 0, isOpen: false, waiting: new Set() };
    this.#topics.set(name, topic);
    if (this.#subscriber.status === 'ready') void this.#subscribe([[name, topic]]);
    return topic;
  }

  async #subscribe(topics: readonly (readonly [string, Topic])[]): Promise<void> {
    try {
      await this.#subscriber.subscribe(...topics.map(([name]) => `${this.#prefix}${name}`));
    } catch (cause) {
      this.#fail(cause);
      return;
    }
    for (const [, topic] of topics) this.#open(topic);
  }

  async #subscribeAll(): Promise<void> {
    const topics = [...this.#topics];
    if (topics.length > 0) await this.#subscribe(topics);
    if (!this.#wasDisconnected) return;
    this.#wasDisconnected = false;
    for (const listener of this.#reconnectListeners) this.#notify(listener);
  }

  #open(topic: Topic): void {
    topic.isOpen = true;
    const { waiting } = topic;
    for (const opened of waiting) {
      waiting.delete(opened);
      this.#notify(opened);
    }
  }

  #notify(listener: () => void): void {
    try {
      listener();
    } catch (cause) {
      this.#logger.error({ cause, msg: 'a listener of a broadcast failed' });
    }
  }

  /**
   * Ignores a lost connection: its messages are lost, and the next one subscribes to all topics. Redis will repeat a
   * refusal, so it is logged once.
   */
  #fail(cause: unknown): void {
    if (this.#isRefused || !(cause instanceof Error) || cause.name !== 'ReplyError') return;
    this.#isRefused = true;
    this.#logger.error({ cause, msg: 'Redis refuses to publish or to subscribe: replicas cannot notify each other' });
  }

  #onDisconnected(): void {
    this.#wasDisconnected = true;
    for (const topic of this.#topics.values()) topic.isOpen = false;
  }
}
