import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const FENCE = /^( *)```(\w*)\n(.*?)^ *```$/gms;

/** A block of code on a page. */
export interface Block {
  /** The bold words above the block. */
  title: string;
  /** Empty if the page names none. */
  language: string;
  text: string;
}

/** The text of each page of the documentation, by its path. */
export const pages = new Map<string, string>();
for (const name of [
  'README.md',
  'CHANGELOG.md',
  'SECURITY.md',
  ...(await readdir(join(ROOT, 'docs'))).map((each) => `docs/${each}`),
]) {
  if (name.endsWith('.md')) pages.set(name, await readFile(join(ROOT, name), 'utf8'));
}

export function textOf(page: string): string {
  return pages.get(page) ?? '';
}

export function blocksOf(markdown: string): Block[] {
  return Array.from(markdown.matchAll(FENCE), ({ 2: language = '', 3: text = '', index }) => {
    const [, title = ''] = [...markdown.slice(0, index).matchAll(/\*\*(.+?)\*\*/g)].at(-1) ?? [];
    return { title, language, text };
  });
}
