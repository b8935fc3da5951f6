/** Beyond it a label has grown out of what anybody could look at, or somebody makes values up. */
const MOST = 100;

/** The values of a label: as many as there are at first, then `other`. */
export class LabelValues {
  readonly #known = new Set<string>();

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= MOST) return 'other';
    this.#known.add(value);
    return value;
  }
}
