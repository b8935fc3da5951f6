import type { ThrottlerStorage } from '@nestjs/throttler';

export type WindowHits = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** What was counted in a window so far. */
export interface WindowCount {
  readonly total: number;
  /** Whole seconds until it begins anew. */
  readonly secondsLeft: number;
}

/** Counts what callers do in fixed windows. */
export abstract class WindowStorage implements ThrottlerStorage {
  /** Counts so many more; 0 only asks. */
  abstract add(key: string, ttlMs: number, points: number): Promise<WindowCount>;

  /** Counts one more. Times in milliseconds in, in whole seconds out, as the throttler's port has it. */
  async increment(key: string, ttlMs: number, limit: number): Promise<WindowHits> {
    const { total, secondsLeft } = await this.add(key, ttlMs, 1);
    return { totalHits: total, timeToExpire: secondsLeft, isBlocked: total > limit, timeToBlockExpire: secondsLeft };
  }
}
