const HIGH_SURROGATE_AT_END = /[\uD800-\uDBFF]$/;

/** Joins pieces of text so that no piece ends within a character. A half without its other half becomes U+FFFD. */
export class WholeCharacters {
  #held = '';
  #isEmpty = true;

  /** Nothing was passed on yet. */
  get isEmpty(): boolean {
    return this.#isEmpty;
  }

  /** The text that can be passed on now. */
  add(piece: string): string {
    const text = this.#held + piece;
    this.#held = HIGH_SURROGATE_AT_END.test(text) ? text.slice(-1) : '';
    const whole = text.slice(0, text.length - this.#held.length).toWellFormed();
    this.#isEmpty &&= whole === '';
    return whole;
  }

  /** The rest at the end. */
  end(): string {
    return this.#held.toWellFormed();
  }
}

/** The beginning of a text, at most that many UTF-16 units, without half a character. */
export function cutToCharacters(text: string, maxChars: number): string {
  return text.slice(0, maxChars).replace(HIGH_SURROGATE_AT_END, '').toWellFormed();
}
