import { type Section, SectionBuilder } from './document.section.js';
import { decodeEntities } from './html.entities.js';

/** What these contain is no text for readers. */
const SKIPPED = new Set(['script', 'style', 'template', 'noscript', 'svg', 'iframe', 'object', 'select', 'textarea']);

/** Elements within a line: their tags separate nothing. */
const INLINE = new Set(
  'a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);

const TAG = /<(?:(\/?)([a-z][^\s/>]*)|!--|[!?])/gi;
const HEADING = /^h([1-6])$/;

/**
 * Splits HTML at h1 to h6. Reads tags, comments and references in one pass that never goes back, whatever is
 * malformed; it is meant for text, not for markup that is shown again.
 */
export function htmlSections(source: string): Section[] {
  return new HtmlReader(source).read();
}

/** Goes through the tags once. */
class HtmlReader {
  readonly #builder = new SectionBuilder();
  #at = 0;
  #isPreformatted = false;
  /** Set within a heading, or the title as level 0. */
  #heading: { readonly level: number; text: string } | undefined;
  /** What the text so far ends with: blank lines and spaces in a row say nothing. */
  #last = '\n';

  constructor(private readonly source: string) {}

  read(): Section[] {
    const tag = new RegExp(TAG);
    for (let found = tag.exec(this.source); found; found = tag.exec(this.source)) {
      this.#text(this.source.slice(this.#at, found.index));
      const name = found[2]?.toLowerCase();
      this.#at = name === undefined ? this.#afterComment(found) : this.#afterTag(tag.lastIndex);
      if (name !== undefined) this.#tag(name, found[1] === '/');
      tag.lastIndex = this.#at;
    }
    this.#text(this.source.slice(this.#at));
    this.#endHeading();
    return this.#builder.finish();
  }

  #tag(name: string, isClosing: boolean): void {
    if (SKIPPED.has(name)) {
      if (!isClosing) this.#at = this.#afterElement(name);
      return;
    }
    if (INLINE.has(name)) return;
    if (name === 'pre') this.#isPreformatted = !isClosing;
    const level = name === 'title' ? 0 : HEADING.exec(name)?.[1];
    if (level === undefined) {
      this.#put(name === 'td' || name === 'th' || this.#heading ? ' ' : '\n');
      return;
    }
    this.#endHeading();
    if (!isClosing) this.#heading = { level: Number(level), text: '' };
  }

  #text(raw: string): void {
    const text = this.#isPreformatted ? raw : raw.replaceAll(/\s+/g, ' ');
    if (text) this.#put(decodeEntities(text));
  }

  #put(text: string): void {
    if (this.#heading) {
      this.#heading.text += text;
      return;
    }
    const isBlank = text.trim() === '' && !this.#isPreformatted;
    if (isBlank && (this.#last === '\n' || this.#last === text)) return;
    const isIndent = this.#last === '\n' && !this.#isPreformatted;
    this.#builder.text(isIndent ? text.trimStart() : text);
    this.#last = text.at(-1) ?? this.#last;
  }

  #endHeading(): void {
    if (!this.#heading) return;
    const { level, text } = this.#heading;
    if (level === 0) this.#builder.title(text);
    else this.#builder.heading(level, text);
    this.#heading = undefined;
    this.#last = '\n';
  }

  #afterComment({ 0: opening, index }: RegExpExecArray): number {
    return opening === '<!--' ? this.#after('-->', index + 4) : this.#after('>', index);
  }

  /** The end of a tag: a > in a quoted attribute is none. */
  #afterTag(from: number): number {
    const piece = />|=\s*(["'])/g;
    piece.lastIndex = from;
    for (let found = piece.exec(this.source); found; found = piece.exec(this.source)) {
      if (found[1] === undefined) return piece.lastIndex;
      piece.lastIndex = this.#after(found[1], piece.lastIndex);
    }
    return this.source.length;
  }

  /** Elements of the same name within each other end at the first end tag. */
  #afterElement(name: string): number {
    const end = new RegExp(`</${name}(?=[\\s/>])`, 'gi');
    end.lastIndex = this.#at;
    const found = end.exec(this.source);
    return found ? this.#afterTag(end.lastIndex) : this.source.length;
  }

  #after(text: string, from: number): number {
    const index = this.source.indexOf(text, from);
    return index === -1 ? this.source.length : index + text.length;
  }
}
