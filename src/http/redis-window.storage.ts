import { Logger } from '@nestjs/common';
import type { RateLimiterRedis } from 'rate-limiter-flexible';
import { optional } from '../storage/optional.package.js';
import type { RedisConnections } from '../storage/redis.connections.js';
import { FixedWindowStorage } from './fixed-window.storage.js';
import { type WindowCount, WindowStorage } from './window.storage.js';

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
  async add(key: string, ttlMs: number, points: number): Promise<WindowCount> {
    try {
      // A penalty counts and says the number; `consume` would want one limiter for each limit.
      const customDuration = Math.ceil(ttlMs / 1000);
      const { consumedPoints, msBeforeNext } = await this.limiter.penalty(key, points, { customDuration });
      this.#isAlone = false;
      return { total: consumedPoints, secondsLeft: Math.ceil(msBeforeNext / 1000) };
    } catch (cause) {
      this.#say(cause);
      return await this.#alone.add(key, ttlMs, points);
    }
  }

  /** One line for each outage, however many requests it meets. */
  #say(cause: unknown): void {
    if (this.#isAlone) return;
    this.#isAlone = true;
    this.#logger.warn({ cause, msg: 'Redis does not count: each replica limits its callers alone' });
  }
}
