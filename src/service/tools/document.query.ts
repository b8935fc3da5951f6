import { ToolError } from '../../index.js';
import { quoted } from './quoted.js';

const LONGEST_QUERY = 1000;
const MOST_WORDS = 32;

const WORD = /[\p{L}\p{N}\p{M}\p{Co}]+/gu;
/** Scripts without spaces between words. */
const UNSPACED = /(?<=[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}])(?=[\p{L}\p{N}])/gu;
const BREAK = '\u200B';

/** Words as FTS5 expressions: strings in quotes, so that nothing in them is syntax. */
export interface DocumentQuery {
  /** All of the words. */
  readonly all: string;
  /** Any of them. */
  readonly any: string;
}

/** @throws ToolError when there is no word in it, or far too many. */
export function queryOf(query: string): DocumentQuery {
  if (query.length > LONGEST_QUERY) {
    throw new ToolError(
      `The query has ${query.length} characters. Give a few words, at most ${LONGEST_QUERY} characters.`,
    );
  }
  const words = [...new Set(query.toLowerCase().match(WORD))].slice(0, MOST_WORDS);
  if (words.length === 0) {
    throw new ToolError(`There is no word in the query ${quoted(query)}. Give the words to look for.`);
  }
  const terms = words.map((word) => `"${searchable(word)}"`);
  return { all: terms.join(' AND '), any: terms.join(' OR ') };
}

/** The text with breaks where Chinese and Japanese have none, for FTS5 knows words by what is between them. */
export function searchable(text: string): string {
  return text.replaceAll(UNSPACED, BREAK);
}

/** The text as it was. */
export function readable(text: string): string {
  return text.replaceAll(BREAK, '');
}
