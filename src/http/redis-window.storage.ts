import { Logger } from '@nestjs/common';
import type { RateLimiterRedis } from 'rate-limiter-flexible';
import { optional } from '../storage/optional.package.js';
import type { RedisConnections } from '../storage/redis.connections.js';
import { FixedWindowStorage } from './fixed-window.storage.js';
import { type WindowHits, WindowStorage } from './window.storage.js';

/** Counts for all replicas, in Redis. While Redis is away each replica counts alone, so that no caller goes free. */
export class RedisWindowStorage extends WindowStorage {
  readonly #logger = new Logger(RedisWindowStorage.name);
  readonly #alone = new FixedWindowStorage();
  #isAlone = false;

  private constructor(private readonly limiter: RateLimiterRedis) {
    super();
  }

  /** @throws Error when rate-limiter-flexible is not installed. */
  static async open({ commands, prefix }: RedisConnections): Promise<RedisWindowStorage> {
    const name = 'rate-limiter-flexible';
    const { RateLimiterRedis: Limiter } = await optional(name, 'A Redis URL', () => import('rate-limiter-flexible'));
    const limiter = new Limiter({
      storeClient: commands,
      keyPrefix: `${prefix}limit`,
      rejectIfRedisNotReady: true,
      // Each call brings its own.
      points: 1,
      duration: 1,
    });
    return new RedisWindowStorage(limiter);
  }

  /** Windows are whole seconds, rounded up: the limiter's own are, rounded down. */
  async increment(key: string, ttlMs: number, limit: number): Promise<WindowHits> {
    try {
      // A penalty counts and says the number; `consume` would want one limiter for each limit.
      const customDuration = Math.ceil(ttlMs / 1000);
      const { consumedPoints, msBeforeNext } = await this.limiter.penalty(key, 1, { customDuration });
      this.#isAlone = false;
      const secondsLeft = Math.ceil(msBeforeNext / 1000);
      return {
        totalHits: consumedPoints,
        timeToExpire: secondsLeft,
        isBlocked: consumedPoints > limit,
        timeToBlockExpire: secondsLeft,
      };
    } catch (cause) {
      this.#say(cause);
      return await this.#alone.increment(key, ttlMs, limit);
    }
  }

  /** One line for each outage, however many requests it meets. */
  #say(cause: unknown): void {
    if (this.#isAlone) return;
    this.#isAlone = true;
    this.#logger.warn({ cause, msg: 'Redis does not count: each replica limits its callers alone' });
  }
}
