/** The text under one heading of a document. */
export interface Section {
  /** The heading path, outermost first: "Install > Linux". Before the first heading: the title, if any. */
  readonly heading: string;
  readonly text: string;
}

const MAX_HEADING_LENGTH = 200;
/** Longer sections are split, for precise hits and so that long texts do not outweigh short ones. */
const MAX_TEXT_LENGTH = 4000;

/** Builds the sections of a document from its headings and texts, in order. */
export class SectionBuilder {
  readonly #sections: Section[] = [];
  /** The current heading path, outermost first. */
  #path: { readonly level: number; readonly title: string }[] = [];
  #text: string[] = [];
  #title = '';

  /** Sets the heading of the text before the first heading. */
  title(title: string): void {
    this.#title = oneLine(title);
  }

  heading(level: number, title: string): void {
    // A heading that contains only other headings is already part of their paths.
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
  return title.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_HEADING_LENGTH);
}

/** Splits text into parts of at most 4000 characters: at an empty line, else at a line end, a space, or anywhere. */
function split(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  while (text.length - start > MAX_TEXT_LENGTH) {
    const length = breakOf(text.slice(start, start + MAX_TEXT_LENGTH));
    parts.push(text.slice(start, start + length).trim());
    start += length;
  }
  return [...parts, text.slice(start).trim()];
}

function breakOf(text: string): number {
  const breaks = ['\n\n', '\n', ' '].map((separator) => text.lastIndexOf(separator));
  const found = breaks.find((index) => index > MAX_TEXT_LENGTH / 2);
  if (found !== undefined) return found;
  // Never splits a surrogate pair.
  return /[\uD800-\uDBFF]$/.test(text) ? text.length - 1 : text.length;
}
