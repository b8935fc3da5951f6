import { DatabaseSync } from 'node:sqlite';
import { readable, searchable } from './document.query.js';
import type { Section } from './document.section.js';
import { HIT_END, HIT_START, snippetOf } from './document.snippet.js';

/** A search result. */
export interface DocumentHit {
  /** The path relative to the folder. */
  readonly file: string;
  /** The heading path, "Install > Linux", or empty. */
  readonly heading: string;
  /** At most 800 characters around the hits. */
  readonly text: string;
  /** The bm25 score; higher is better. Comparable only within one search. */
  readonly score: number;
}

/** A word in a heading or file name weighs more than a word in the text. */
const WEIGHTS = '2.0, 4.0, 1.0';

const SCHEMA = `
  PRAGMA cache_size = -32768;
  PRAGMA synchronous = OFF;
  CREATE VIRTUAL TABLE sections USING fts5(
    file, heading, body, tokenize = "porter unicode61 remove_diacritics 2"
  );
  INSERT INTO sections (sections, rank) VALUES ('rank', 'bm25(${WEIGHTS})');
  CREATE TABLE files (section INTEGER PRIMARY KEY, file TEXT NOT NULL);
  CREATE INDEX files_by_name ON files (file);
`;

/** Has no subquery, so FTS5 sorts by rank and marks hits only in the returned rows. */
const FIND = `
  SELECT file, heading, highlight(sections, 2, ?, ?) AS text, rank
  FROM sections WHERE sections MATCH ? ORDER BY rank LIMIT ?
`;

/**
 * Stores sections in a SQLite FTS5 index, in an unnamed temporary database. No other process shares or locks it. It
 * ends with the process, because the folder is the source of its data. SQLite keeps up to 32 MB in memory, and the
 * rest in a hidden temporary file that it deletes.
 */
export class SectionTable {
  readonly #database = new DatabaseSync('');

  constructor() {
    this.#database.exec(SCHEMA);
  }

  /** Replaces the sections of a file. */
  replace(file: string, sections: readonly Section[]): void {
    this.#database.exec('BEGIN');
    try {
      this.#database
        .prepare('DELETE FROM sections WHERE rowid IN (SELECT section FROM files WHERE file = ?)')
        .run(file);
      this.#database.prepare('DELETE FROM files WHERE file = ?').run(file);
      const insert = this.#database.prepare('INSERT INTO sections (file, heading, body) VALUES (?, ?, ?)');
      const remember = this.#database.prepare('INSERT INTO files (section, file) VALUES (?, ?)');
      for (const { heading, text } of sections) {
        const { lastInsertRowid } = insert.run(searchable(file), searchable(heading), searchable(text));
        remember.run(lastInsertRowid, file);
      }
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  /** @param query an FTS5 expression. */
  find(query: string, limit: number): DocumentHit[] {
    return this.#database
      .prepare(FIND)
      .all(HIT_START, HIT_END, query, limit)
      .map(({ file, heading, text, rank }) => ({
        file: readable(String(file)),
        heading: readable(String(heading)),
        text: snippetOf(readable(String(text))),
        score: Math.round(-Number(rank) * 1000) / 1000,
      }));
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }
}
