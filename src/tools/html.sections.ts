import { type Section, SectionBuilder } from './document.section.js';
import { decodeEntities } from './html.entities.js';

/** Elements without readable text. */
const SKIPPED = new Set(['script', 'style', 'template', 'noscript', 'svg', 'iframe', 'object', 'select', 'textarea']);

/** Inline elements: their tags do not separate words. */
const INLINE = new Set(
  'a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time tt u var wbr'.split(
    ' ',
  ),
);

const TAG = /<(?:(\/?)([a-z][^\s/>]*)|!--|[!?])/gi;
const HEADING = /^h([1-6])$/;

/**
 * Splits HTML at h1 to h6. Reads tags, comments and references in one pass without backtracking, even in malformed
 * input. It extracts text; it is not a sanitizer.
 */
export function htmlSections(source: string): Section[] {
  return new HtmlReader(source).read();
}

/** Reads the tags in one pass. */
class HtmlReader {
  readonly #builder = new SectionBuilder();
  #at = 0;
  #isPreformatted = false;
  /** The open heading; the title has level 0. */
  #heading: { readonly level: number; text: string } | undefined;
  /** The last character so far; used to collapse blank lines and spaces. */
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

  /** Returns the end of a tag. Ignores a > in a quoted attribute. */
  #afterTag(from: number): number {
    const piece = />|=\s*(["'])/g;
    piece.lastIndex = from;
    for (let found = piece.exec(this.source); found; found = piece.exec(this.source)) {
      if (found[1] === undefined) return piece.lastIndex;
      piece.lastIndex = this.#after(found[1], piece.lastIndex);
    }
    return this.source.length;
  }

  /** Returns the end of an element. Nested elements of the same name end at the first end tag. */
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
