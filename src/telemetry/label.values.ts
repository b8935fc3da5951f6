/** More values are unreadable, or a caller makes them up. */
const MAX_VALUES = 100;

/** Limits the values of a label. Further values become `other`. */
export class LabelValues {
  readonly #seen = new Set<string>();

  of(value: string): string {
    if (this.#seen.has(value)) return value;
    if (this.#seen.size >= MAX_VALUES) return 'other';
    this.#seen.add(value);
    return value;
  }
}
