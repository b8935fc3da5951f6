import { type Section, SectionBuilder } from './document.section.js';

const FENCE = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/;
const ATX = /^ {0,3}(#{1,6})(?=[ \t]|$)/;
const SETEXT = /^ {0,3}(=+|-+)[ \t]*$/;
/** Lists, quotes, tables and HTML are not paragraphs: `---` below them is a rule, not a heading. */
const NO_PARAGRAPH = /^ {0,3}(?:[>|<]|(?:[-+*]|\d{1,9}[.)])(?:[ \t]|$))/;
const INDENTED = /^(?: {4}|\t)/;
const FRONT_MATTER = /^---[ \t]*\n[\w-]+[ \t]*:/;

/** Splits Markdown at its headings. Ignores headings in code fences, comments and front matter. */
export function markdownSections(source: string): Section[] {
  return new MarkdownReader().read(source);
}

/** Reads Markdown line by line and tracks the open block. */
class MarkdownReader {
  readonly #builder = new SectionBuilder();
  /** Lines of the open paragraph, which a setext underline would turn into a heading. */
  #paragraph: string[] = [];
  /** Matches the line that ends the open code fence or comment. */
  #isEnd: ((line: string) => boolean) | undefined;

  read(source: string): Section[] {
    const lines = source.split('\n');
    let first = 0;
    if (FRONT_MATTER.test(source)) {
      const end = lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line));
      first = end + 1;
      this.#builder.text(lines.slice(1, Math.max(end, 1)).join('\n'));
      this.#builder.text('\n');
    }
    for (const line of lines.slice(first)) this.#line(line);
    this.#endParagraph();
    return this.#builder.finish();
  }

  #line(line: string): void {
    if (this.#isEnd) {
      if (this.#isEnd(line)) this.#isEnd = undefined;
      this.#builder.text(`${line}\n`);
      return;
    }
    if (this.#begins(line)) {
      this.#other(line);
      return;
    }
    const marks = ATX.exec(line)?.[1];
    if (marks) {
      this.#endParagraph();
      this.#builder.heading(marks.length, plain(withoutClosing(line.trim().slice(marks.length))));
      return;
    }
    const underline = this.#paragraph.length > 0 ? SETEXT.exec(line)?.[1] : undefined;
    if (underline) {
      this.#builder.heading(underline.startsWith('=') ? 1 : 2, plain(this.#paragraph.join(' ')));
      this.#paragraph = [];
      return;
    }
    const isCode = this.#paragraph.length === 0 && INDENTED.test(line);
    if (line.trim() === '' || isCode || NO_PARAGRAPH.test(line)) this.#other(line);
    else this.#paragraph.push(line);
  }

  /** Returns true if the line starts a code fence or a comment. */
  #begins(line: string): boolean {
    const fence = FENCE.exec(line)?.[1];
    if (fence) {
      this.#isEnd = (other) => closes(other, fence);
      return true;
    }
    const comment = line.trimStart().startsWith('<!--');
    if (comment && !line.includes('-->')) this.#isEnd = (other) => other.includes('-->');
    return comment;
  }

  #other(line: string): void {
    this.#endParagraph();
    this.#builder.text(`${line}\n`);
  }

  #endParagraph(): void {
    for (const line of this.#paragraph) this.#builder.text(`${line}\n`);
    this.#paragraph = [];
  }
}

/** A closing fence repeats the same character, at least as often, and contains nothing else. */
function closes(line: string, fence: string): boolean {
  const found = /^ {0,3}(`{3,}|~{3,})[ \t]*$/.exec(line)?.[1];
  return found !== undefined && found.length >= fence.length && found[0] === fence[0];
}

/** Removes closing marks: `## Title ##` is Title, but `## C#` is C#. */
function withoutClosing(title: string): string {
  const kept = title.trim();
  const end = /(?:^|[ \t])#+$/.exec(kept.slice(-100));
  return end ? kept.slice(0, kept.length - end[0].length) : kept;
}

/** Strips markup from a heading: keeps the text of links, removes emphasis and anchors. */
function plain(title: string): string {
  return title
    .slice(0, 500)
    .replace(/\{#[\w-]{1,100}\}$/, '')
    .replaceAll(/!?\[([^[\]]{0,200})\]\([^()\s]{0,300}\)/g, '$1')
    .replaceAll(/[`*]+|<[^<>]{0,200}>/g, '');
}
