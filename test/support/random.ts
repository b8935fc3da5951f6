/** Deterministic pseudo-random numbers, the same in each run: mulberry32. */
export class Random {
  constructor(private state: number) {}

  /** Returns a whole number from 0 to below `end`. */
  below(end: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  }

  /** Inserts `piece` at a random place of the text. */
  insert(text: string, piece: string): string {
    const at = this.below(text.length + 1);
    return text.slice(0, at) + piece + text.slice(at);
  }
}
