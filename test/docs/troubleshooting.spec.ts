import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES } from '../../src/errors/error.codes.js';

const read = (path: string): Promise<string> =>
  readFile(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const page = await read('docs/troubleshooting.md');
const sections = new Map(
  page
    .split(/^### /m)
    .slice(1)
    .map((text) => [
      /^`(\w+)`$/m.exec(text)?.[1] ?? '',
      text
        .replace(/^.*\n/, '')
        .replace(/^## .*/ms, '')
        .trim(),
    ]),
);

describe('the page for troubleshooting', () => {
  it('has each error code of the service and of the client once, and no other', async () => {
    const [, union = ''] = /ClientErrorCode = ([^;]+);/.exec(await read('src/client/rookery.error.ts')) ?? [];
    const ofClient = Array.from(union.matchAll(/'(\w+)'/g), ([, code]) => code);
    const headings = Array.from(page.matchAll(/^### `(\w+)`$/gm), ([, code]) => code);

    expect(ofClient.length).toBeGreaterThan(0);
    expect(headings).toHaveLength(new Set(headings).size);
    expect(new Set(headings)).toEqual(new Set([...Object.keys(ERROR_CODES), ...ofClient]));
  });

  it.each([...sections])('says in at least two sentences what %s means and what to do', (_, text) => {
    expect(text.split(/[.:](?:\s|$)/).filter((sentence) => sentence.trim() !== '').length).toBeGreaterThanOrEqual(2);
  });
});
