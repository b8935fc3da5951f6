import type { ThrottlerStorage } from '@nestjs/throttler';

export type WindowHits = Awaited<ReturnType<ThrottlerStorage['increment']>>;

/** Counts the requests of callers in fixed windows. */
export abstract class WindowStorage implements ThrottlerStorage {
  /** Counts one more. Times in milliseconds in, in whole seconds out, as the throttler's port has it. */
  abstract increment(key: string, ttlMs: number, limit: number): Promise<WindowHits>;
}
