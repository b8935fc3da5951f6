import { type WindowCount, WindowStorage } from './window.storage.js';

interface Window {
  total: number;
  readonly endsAt: number;
}

/** About 20 MB. Callers without credentials choose their addresses, so their number is limited. */
const MAX_WINDOWS = 100_000;

/**
 * Counts in fixed windows, in memory, with one number per caller. The default storage of the throttler keeps every hit
 * of the window in memory.
 */
export class FixedWindowStorage extends WindowStorage {
  readonly #windows = new Map<string, Window>();
  #sweepAt = 0;

  /** @param maxWindows beyond this number the oldest window is forgotten. */
  constructor(private readonly maxWindows = MAX_WINDOWS) {
    super();
  }

  add(key: string, ttlMs: number, points: number): Promise<WindowCount> {
    // A monotonic clock: if the system clock jumped back, callers would stay blocked for that time.
    // Whole milliseconds: a fraction would round up to one second more than the window has.
    const now = Math.floor(performance.now());
    this.#sweep(now, ttlMs);
    let window = this.#windows.get(key);
    if (window === undefined || window.endsAt <= now) {
      window = { total: 0, endsAt: now + ttlMs };
      // Moves the key to the end, so that the first one is the oldest.
      this.#windows.delete(key);
      this.#windows.set(key, window);
      this.#limit();
    }
    window.total += points;
    return Promise.resolve({ total: window.total, secondsLeft: Math.ceil((window.endsAt - now) / 1000) });
  }

  #limit(): void {
    const [oldest] = this.#windows.size > this.maxWindows ? this.#windows.keys() : [];
    if (oldest !== undefined) this.#windows.delete(oldest);
  }

  /** Deletes expired windows, once per window length. */
  #sweep(now: number, ttlMs: number): void {
    if (now < this.#sweepAt) return;
    this.#sweepAt = now + ttlMs;
    for (const [key, { endsAt }] of this.#windows) if (endsAt <= now) this.#windows.delete(key);
  }
}
