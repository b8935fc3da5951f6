/** More values are unreadable, or a caller makes them up. */
const MOST = 100;

/** Limits the values of a label. Further values become `other`. */
export class LabelValues {
  readonly #known = new Set<string>();

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= MOST) return 'other';
    this.#known.add(value);
    return value;
  }
}
