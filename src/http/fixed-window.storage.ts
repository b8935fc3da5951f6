import { Injectable } from '@nestjs/common';
import { type WindowCount, WindowStorage } from './window.storage.js';

interface Window {
  hits: number;
  readonly endsAt: number;
}

/**
 * Counts in fixed windows, in memory: one number a caller. (The throttler's own storage keeps every hit of the
 * window and grows with them.)
 */
@Injectable()
export class FixedWindowStorage extends WindowStorage {
  readonly #windows = new Map<string, Window>();
  #sweepAt = 0;

  add(key: string, ttlMs: number, points: number): Promise<WindowCount> {
    // A clock that nobody can set: a jump back would block callers for as long.
    // Whole milliseconds: fractions round up to a second more than the window has.
    const now = Math.floor(performance.now());
    this.#sweep(now, ttlMs);
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      window = { hits: 0, endsAt: now + ttlMs };
      this.#windows.set(key, window);
    }
    window.hits += points;
    return Promise.resolve({ total: window.hits, secondsLeft: Math.ceil((window.endsAt - now) / 1000) });
  }

  /** Forgets, once a window, the callers that stayed away. */
  #sweep(now: number, ttlMs: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + ttlMs;
    for (const [key, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(key);
  }
}
