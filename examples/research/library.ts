import { readdirSync, readFileSync } from 'node:fs';
import { Injectable } from '@nestjs/common';

const FOLDER = new URL('./library/', import.meta.url);
const MAX_PASSAGES = 3;

/** A part of a document. */
export interface Passage {
  /** The document and the heading, for quotes. */
  readonly source: string;
  readonly text: string;
}

/** Documents in Markdown. Each section is a passage. */
@Injectable()
export class Library {
  readonly #passages = readdirSync(FOLDER)
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => passagesOf(name, readFileSync(new URL(name, FOLDER), 'utf8')));

  /** The passages with the most words of the question, best first. */
  search(question: string): readonly Passage[] {
    const words = new Set(wordsOf(question));
    return this.#passages
      .map((passage) => ({ passage, score: wordsOf(passage.text).filter((word) => words.has(word)).length }))
      .filter(({ score }) => score > 0)
      .toSorted((one, other) => other.score - one.score)
      .slice(0, MAX_PASSAGES)
      .map(({ passage }) => passage);
  }
}

function passagesOf(name: string, markdown: string): Passage[] {
  return markdown.split(/^## /m).flatMap((section, index) => {
    const [heading = '', ...lines] = section.split('\n');
    const text = lines.join('\n').trim();
    return index === 0 || text === '' ? [] : [{ source: `${name}, ${heading}`, text }];
  });
}

/** Short words are in every text. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
}
