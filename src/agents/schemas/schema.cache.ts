export interface CacheLimits {
  readonly maxEntries: number;
  /** Characters of all keys in total. */
  readonly maxCharacters: number;
}

/** An LRU cache with texts as keys, limited by entries and by characters. */
export class SchemaCache<T> {
  /** The least recently used entry comes first. */
  readonly #entries = new Map<string, T>();
  readonly #limits: CacheLimits;
  #characters = 0;

  constructor(limits: CacheLimits) {
    this.#limits = limits;
  }

  get(text: string): T | undefined {
    const value = this.#entries.get(text);
    if (value === undefined) return undefined;
    this.#entries.delete(text);
    this.#entries.set(text, value);
    return value;
  }

  /** Stores the value and evicts the least recently used ones. A text above the character limit is not stored. */
  set(text: string, value: T): void {
    this.#delete(text);
    if (text.length > this.#limits.maxCharacters) return;
    this.#entries.set(text, value);
    this.#characters += text.length;
    const { maxEntries, maxCharacters } = this.#limits;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= maxEntries && this.#characters <= maxCharacters) return;
      this.#delete(oldest);
    }
  }

  #delete(text: string): void {
    if (this.#entries.delete(text)) this.#characters -= text.length;
  }
}
