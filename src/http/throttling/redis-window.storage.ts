import { Logger } from '@nestjs/common';
import type { RateLimiterRedis } from 'rate-limiter-flexible';
import { importOptional } from '../../async/optional.package.js';
import type { RedisConnections } from '../../storage/redis/redis.connections.js';
import { FixedWindowStorage } from './fixed-window.storage.js';
import { type WindowCount, WindowStorage } from './window.storage.js';

/** Counts in Redis for all replicas. During an outage each replica counts alone, so limits still apply. */
export class RedisWindowStorage extends WindowStorage {
  readonly #logger = new Logger(RedisWindowStorage.name);
  readonly #fallback = new FixedWindowStorage();
  #isFallbackActive = false;

  private constructor(private readonly limiter: RateLimiterRedis) {
    super();
  }

  /** @throws Error if rate-limiter-flexible is not installed. */
  static async open({ commands, prefix }: RedisConnections): Promise<RedisWindowStorage> {
    const name = 'rate-limiter-flexible';
    const { RateLimiterRedis: Limiter } = await importOptional(
      name,
      'A Redis URL',
      () => import('rate-limiter-flexible'),
    );
    const limiter = new Limiter({
      storeClient: commands,
      keyPrefix: `${prefix}limit`,
      rejectIfRedisNotReady: true,
      // Placeholders: each call passes its own values.
      points: 1,
      duration: 1,
    });
    return new RedisWindowStorage(limiter);
  }

  /** Windows are whole seconds, rounded up; the limiter would round down. */
  async add(key: string, ttlMs: number, points: number): Promise<WindowCount> {
    try {
      // `penalty` counts and returns the total; `consume` would need one limiter per limit.
      const customDuration = Math.ceil(ttlMs / 1000);
      const { consumedPoints, msBeforeNext } = await this.limiter.penalty(key, points, { customDuration });
      this.#isFallbackActive = false;
      return { total: consumedPoints, secondsLeft: Math.ceil(msBeforeNext / 1000) };
    } catch (cause) {
      this.#logFallback(cause);
      return await this.#fallback.add(key, ttlMs, points);
    }
  }

  /** Logs one line per outage, not one per request. */
  #logFallback(cause: unknown): void {
    if (this.#isFallbackActive) return;
    this.#isFallbackActive = true;
    this.#logger.warn({ cause, msg: 'Redis rate limiting failed; each replica counts alone' });
  }
}
