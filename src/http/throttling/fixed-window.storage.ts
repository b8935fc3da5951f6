import { Injectable } from '@nestjs/common';
import { type WindowCount, WindowStorage } from './window.storage.js';

interface Window {
  total: number;
  readonly endsAt: number;
}

/**
 * Counts in fixed windows, in memory, with one number per caller. The default storage of the throttler keeps every hit
 * of the window in memory.
 */
@Injectable()
export class FixedWindowStorage extends WindowStorage {
  readonly #windows = new Map<string, Window>();
  #sweepAt = 0;

  add(key: string, ttlMs: number, points: number): Promise<WindowCount> {
    // A monotonic clock: if the system clock jumped back, callers would stay blocked for that time.
    // Whole milliseconds: a fraction would round up to one second more than the window has.
    const now = Math.floor(performance.now());
    this.#sweep(now, ttlMs);
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      window = { total: 0, endsAt: now + ttlMs };
      this.#windows.set(key, window);
    }
    window.total += points;
    return Promise.resolve({ total: window.total, secondsLeft: Math.ceil((window.endsAt - now) / 1000) });
  }

  /** Deletes expired windows, once per window length. */
  #sweep(now: number, ttlMs: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + ttlMs;
    for (const [key, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(key);
  }
}
