import { ToolError } from '../index.js';
import { quote } from './quote.js';

const MAX_QUERY_LENGTH = 1000;
const MAX_TERMS = 32;

const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
/** Scripts without spaces between words. */
const UNSPACED = /(?<=[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}])(?=[\p{L}\p{N}])/gu;
const BREAK = '\u200B';

/** FTS5 expressions of quoted words. Quotes prevent words from acting as syntax. */
export interface DocumentQuery {
  /** Matches all words. */
  readonly all: string;
  /** Matches any word. */
  readonly any: string;
}

/** @throws ToolError if the query has no words or is too long. */
export function queryOf(query: string): DocumentQuery {
  if (query.length > MAX_QUERY_LENGTH) {
    throw new ToolError(
      `The query has ${query.length} characters. Give a few words, at most ${MAX_QUERY_LENGTH} characters.`,
    );
  }
  const terms = [...new Set(query.toLowerCase().match(WORD))].slice(0, MAX_TERMS);
  if (terms.length === 0) {
    throw new ToolError(`The query ${quote(query)} has no words. Give the words to look for.`);
  }
  const quoted = terms.map((word) => `"${searchable(word)}"`);
  return { all: quoted.join(' AND '), any: quoted.join(' OR ') };
}

/** Inserts breaks between Chinese and Japanese characters, because FTS5 splits words at separators. */
export function searchable(text: string): string {
  return text.replaceAll(UNSPACED, BREAK);
}

/** Removes the breaks that `searchable` inserted. */
export function readable(text: string): string {
  return text.replaceAll(BREAK, '');
}
