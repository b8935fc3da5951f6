const HOUR_MS = 3_600_000;

/** Admits each key once an hour, and so many keys an hour at most. */
export class HourlyLimit {
  readonly #keys = new Set<string>();
  #hour = 0;

  constructor(private readonly max: number) {}

  /** Whether the key was not admitted in this hour yet. */
  admits(key: string): boolean {
    const hour = Math.floor(Date.now() / HOUR_MS);
    if (hour !== this.#hour) this.#keys.clear();
    this.#hour = hour;
    if (this.#keys.has(key) || this.#keys.size >= this.max) return false;
    this.#keys.add(key);
    return true;
  }

  /** Admits the key again: what it stands for was not recorded. */
  forget(key: string): void {
    this.#keys.delete(key);
  }
}
