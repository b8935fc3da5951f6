/** What stands under one heading of a document. */
export interface Section {
  /** From the outermost heading inwards, "Install > Linux"; before the first one the title, if any. */
  readonly heading: string;
  readonly text: string;
}

const LONGEST_HEADING = 200;
/** Longer sections are split, so that a hit says where it is and long texts do not outweigh short ones. */
const LONGEST_TEXT = 4000;

/** Puts a document together, heading by heading, text by text. */
export class SectionBuilder {
  readonly #sections: Section[] = [];
  /** The headings that the text to come stands under, outermost first. */
  #path: { readonly level: number; readonly title: string }[] = [];
  #text: string[] = [];
  #title = '';

  /** Stands for the heading of what comes before the first one. */
  title(title: string): void {
    this.#title = oneLine(title);
  }

  heading(level: number, title: string): void {
    // A heading of nothing but more headings is in their paths already.
    this.#close((this.#path.at(-1)?.level ?? level) >= level);
    this.#path = this.#path.filter((outer) => outer.level < level);
    if (title.trim()) this.#path.push({ level, title: oneLine(title) });
  }

  text(text: string): void {
    this.#text.push(text);
  }

  finish(): Section[] {
    this.#close(true);
    return this.#sections;
  }

  #close(isKeptEmpty: boolean): void {
    const text = this.#text.join('').trim();
    this.#text = [];
    if (!text && (!isKeptEmpty || this.#path.length === 0)) return;
    const heading = this.#path.map(({ title }) => title).join(' > ') || this.#title;
    for (const part of split(text)) this.#sections.push({ heading, text: part });
  }
}

function oneLine(title: string): string {
  return title.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_HEADING);
}

/** Parts of at most 4000 characters: at an empty line if there is one, else a line's end, a space, anywhere. */
function split(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  while (text.length - start > LONGEST_TEXT) {
    const length = breakOf(text.slice(start, start + LONGEST_TEXT));
    parts.push(text.slice(start, start + length).trim());
    start += length;
  }
  return [...parts, text.slice(start).trim()];
}

function breakOf(text: string): number {
  const breaks = ['\n\n', '\n', ' '].map((separator) => text.lastIndexOf(separator));
  const found = breaks.find((index) => index > LONGEST_TEXT / 2);
  if (found !== undefined) return found;
  // Never between the halves of one character.
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
}
