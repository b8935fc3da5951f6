import type { ThrottlerStorage } from '@nestjs/throttler';

export type WindowHits = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** The current count of a window. */
export interface WindowCount {
  readonly total: number;
  /** Whole seconds until the window resets. */
  readonly secondsLeft: number;
}

/** Storage of rate limit counters in fixed windows. */
export abstract class WindowStorage implements ThrottlerStorage {
  /** Adds points to a window and returns its count. 0 points: only reads. */
  abstract add(key: string, ttlMs: number, points: number): Promise<WindowCount>;

  /** Adds one hit. Takes milliseconds and returns whole seconds, as the throttler's interface requires. */
  async increment(key: string, ttlMs: number, limit: number): Promise<WindowHits> {
    const { total, secondsLeft } = await this.add(key, ttlMs, 1);
    return { totalHits: total, timeToExpire: secondsLeft, isBlocked: total > limit, timeToBlockExpire: secondsLeft };
  }
}
