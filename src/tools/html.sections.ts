import { Tokenizer, type TokenizerCallbacks } from 'htmlparser2';
import { type Section, SectionBuilder } from './document.section.js';

/** Elements without readable text. */
const SKIPPED = new Set(['script', 'style', 'template', 'noscript', 'svg', 'iframe', 'object', 'select', 'textarea']);

/** Inline elements: their tags do not separate words. */
const INLINE_TAGS =
  'a abbr b bdi bdo big cite code data del dfn em font i ins kbd label mark q s samp small span strong sub sup time tt u var wbr';
const INLINE = new Set(INLINE_TAGS.split(' '));

const HEADING = /^h([1-6])$/;

const ignore = (): void => undefined;
const IGNORED = {
  onattribdata: ignore,
  onattribend: ignore,
  onattribentity: ignore,
  onattribname: ignore,
  oncdata: ignore,
  oncomment: ignore,
  ondeclaration: ignore,
  onend: ignore,
  onopentagend: ignore,
  onprocessinginstruction: ignore,
} as const satisfies Partial<TokenizerCallbacks>;

/** Splits HTML at h1 to h6. Takes linear time, also for malformed input. It extracts text; it is not a sanitizer. */
export function htmlSections(source: string): Section[] {
  return new HtmlReader(source).read();
}

/** Reads tags without a tree: the parser above the tokenizer takes quadratic time for deep nesting. */
class HtmlReader {
  readonly #builder = new SectionBuilder();
  /** The name of the last opening tag. */
  #opened = '';
  /** The open element without readable text. */
  #skipped: string | undefined;
  #isPreformatted = false;
  /** The open heading; the title has level 0. */
  #heading: { readonly level: number; text: string } | undefined;
  /** The last character so far; used to collapse blank lines and spaces. */
  #last = '\n';

  constructor(private readonly source: string) {}

  read(): Section[] {
    const tokenizer = new Tokenizer(
      {},
      {
        ...IGNORED,
        isInForeignContext: () => this.#skipped === 'svg',
        ontext: (start, end) => this.#text(this.source.slice(start, end)),
        ontextentity: (codePoint) => this.#reference(String.fromCodePoint(codePoint)),
        onopentagname: (start, end) => this.#open(this.source.slice(start, end).toLowerCase()),
        onselfclosingtag: () => this.#closeItself(),
        onclosetag: (start, end) => this.#close(this.source.slice(start, end).toLowerCase()),
      },
    );
    tokenizer.write(this.source);
    tokenizer.end();
    this.#endHeading();
    return this.#builder.finish();
  }

  #open(name: string): void {
    this.#opened = name;
    if (this.#skipped !== undefined) return;
    if (SKIPPED.has(name)) this.#skipped = name;
    else this.#tag(name, false);
  }

  /** Only foreign elements can close themselves. */
  #closeItself(): void {
    if (this.#skipped === 'svg' && this.#opened === 'svg') this.#skipped = undefined;
  }

  /** Nested elements without readable text end at the first end tag of their name. */
  #close(name: string): void {
    if (this.#skipped === name) this.#skipped = undefined;
    else if (this.#skipped === undefined && !SKIPPED.has(name)) this.#tag(name, true);
  }

  #tag(name: string, isClosing: boolean): void {
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
    if (this.#skipped === undefined) this.#put(this.#isPreformatted ? raw : raw.replaceAll(/\s+/g, ' '));
  }

  /** Control characters mark the hits of a search, so a reference to one is a space. */
  #reference(character: string): void {
    if (this.#skipped === undefined) this.#put(/[^\P{Cc}\n\t]/u.test(character) ? ' ' : character);
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
}
