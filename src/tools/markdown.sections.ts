import MarkdownIt, { type Env, type Token } from 'markdown-it';
import { type Section, SectionBuilder } from './document.section.js';

const LONGEST_TITLE = 500;
const FRONT_MATTER = /^---[ \t]*\n[\w-]+[ \t]*:/;
/** Without this option, HTML would be text of a title. */
const markdown = new MarkdownIt({ html: true });

/** A heading of the document, not of a list or quote. */
interface Heading {
  readonly level: number;
  readonly title: string;
  /** The first line of the heading, counted from 0. */
  readonly start: number;
  /** The line after the heading. */
  readonly end: number;
}

/**
 * Splits Markdown at its headings. Follows CommonMark with tables: lists, quotes, code, HTML blocks and front matter
 * have no headings. Sections keep the source text with its markup.
 */
export function markdownSections(source: string): Section[] {
  const builder = new SectionBuilder();
  const lines = source.split('\n');
  const body = bodyStart(source, lines);
  if (body > 0) builder.text(`${lines.slice(1, body - 1).join('\n')}\n\n`);
  let next = body;
  for (const { level, title, start, end } of headingsOf(lines.slice(body).join('\n'))) {
    builder.text(lines.slice(next, body + start).join('\n'));
    builder.heading(level, title);
    next = body + end;
  }
  builder.text(lines.slice(next).join('\n'));
  return builder.finish();
}

/** Returns the line after the front matter; 0 without front matter. */
function bodyStart(source: string, lines: readonly string[]): number {
  if (!FRONT_MATTER.test(source)) return 0;
  return lines.findIndex((line, index) => index > 0 && /^(?:---|\.\.\.)\s*$/.test(line)) + 1;
}

function headingsOf(body: string): Heading[] {
  const env: Env = {};
  const tokens: Token[] = [];
  // Only blocks: the inline markup of whole documents would take several times as long.
  markdown.block.parse(body, markdown, env, tokens);
  return tokens.flatMap(({ type, level, tag, map }, index) => {
    if (type !== 'heading_open' || level > 0 || !map) return [];
    const [start, end] = map;
    return { level: Number(tag.slice(1)), title: plain(tokens[index + 1]?.content ?? '', env), start, end };
  });
}

/** Strips markup from a title: keeps the text of links and code, removes emphasis, HTML and anchors. */
function plain(title: string, env: Env): string {
  const shown = title.slice(0, LONGEST_TITLE).replace(/\{#[\w-]{1,100}\}$/, '');
  const parts = markdown.parseInline(shown, env).flatMap(({ children }) => children ?? []);
  return parts.map(textOf).join('');
}

function textOf({ type, content }: Token): string {
  if (type === 'html_inline') return '';
  return type === 'softbreak' || type === 'hardbreak' ? ' ' : content;
}
