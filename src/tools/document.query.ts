import { ToolError } from '../index.js';
import { quote } from './quote.js';

const LONGEST_QUERY = 1000;
const MOST_WORDS = 32;

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
  if (query.length > LONGEST_QUERY) {
    throw new ToolError(
      `The query has ${query.length} characters. Give a few words, at most ${LONGEST_QUERY} characters.`,
    );
  }
  const words = [...new Set(query.toLowerCase().match(WORD))].slice(0, MOST_WORDS);
  if (words.length === 0) {
    throw new ToolError(`The query ${quote(query)} has no words. Give the words to look for.`);
  }
  const terms = words.map((word) => `"${searchable(word)}"`);
  return { all: terms.join(' AND '), any: terms.join(' OR ') };
}

/** Inserts breaks between Chinese and Japanese characters, because FTS5 splits words at separators. */
export function searchable(text: string): string {
  return text.replaceAll(UNSPACED, BREAK);
}

/** Removes the breaks that `searchable` inserted. */
export function readable(text: string): string {
  return text.replaceAll(BREAK, '');
}
