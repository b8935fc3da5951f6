import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DocumentIndex, type DocumentIndexOptions } from './document.index.js';
import { ToolError } from '../index.js';

const folders: string[] = [];
const indexes: DocumentIndex[] = [];

afterEach(() => {
  for (const index of indexes.splice(0)) index.onApplicationShutdown();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

function folderOf(files: Record<string, string | Uint8Array>): string {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-docs-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) write(folder, name, content);
  return folder;
}

function write(folder: string, name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

/** Opens an index that rescans the folder for every search by default. */
async function openIndex(folder: string | undefined, options?: DocumentIndexOptions): Promise<DocumentIndex> {
  const index = await DocumentIndex.open(folder, { rescanMs: 0, ...options });
  indexes.push(index);
  return index;
}

async function indexOf(files: Record<string, string | Uint8Array>): Promise<DocumentIndex> {
  return await openIndex(folderOf(files));
}

async function filesFor(index: DocumentIndex, query: string): Promise<string[]> {
  return (await index.search(query, 20)).map(({ file }) => file).toSorted();
}

const GUIDE =
  '# Guide\nWelcome.\n## Install\n### Linux\nRun apt install rookery.\n### Windows\nDownload the installer.';

describe('DocumentIndex', () => {
  it('finds sections of Markdown, text and HTML, and cites file and heading', async () => {
    const index = await indexOf({
      'guide.md': GUIDE,
      'deep/er/notes.txt': 'The password of the espresso machine is crema.',
      'site/page.html': '<h1>Prices</h1><p>A cup costs 3&nbsp;&euro;.</p>',
      'code.ts': 'espresso',
    });
    expect(await index.search('apt linux')).toEqual([
      {
        file: 'guide.md',
        heading: 'Guide > Install > Linux',
        text: 'Run apt install rookery.',
        score: expect.any(Number),
      },
    ]);
    expect(await index.search('espresso')).toMatchObject([{ file: 'deep/er/notes.txt', heading: '' }]);
    expect(await index.search('cup')).toMatchObject([
      { file: 'site/page.html', heading: 'Prices', text: 'A cup costs 3\u00A0€.' },
    ]);
  });

  it('returns the best matches first, up to the limit', async () => {
    const filler = 'Something else altogether is said here at some length. '.repeat(20);
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}.md`, `# No ${i}\n${filler} coffee`]));
    const index = await indexOf({ ...files, 'best.md': '# Coffee\nCoffee, coffee and coffee.' });
    const hits = await index.search('coffee');
    expect(hits).toHaveLength(5);
    expect(hits[0]?.file).toBe('best.md');
    expect(hits.map(({ score }) => score)).toEqual(hits.map(({ score }) => score).toSorted((a, b) => b - a));
    expect(await index.search('coffee', 1000)).toHaveLength(20);
    expect(await index.search('coffee', -1)).toHaveLength(1);
    expect(await index.search('coffee', Number.NaN)).toHaveLength(1);
  });

  it('matches all words, or any word if no section has all', async () => {
    const index = await indexOf({ 'a.md': 'apples and pears', 'b.md': 'apples', 'c.md': 'plums' });
    expect(await filesFor(index, 'apples pears')).toEqual(['a.md']);
    expect(await filesFor(index, 'which pears or plums?')).toEqual(['a.md', 'c.md']);
    expect(await index.search('nothing like it')).toEqual([]);
  });

  it('handles accents, English stems, Chinese and Japanese', async () => {
    const index = await indexOf({ 'a.txt': 'Crème brûlée, installing', 'b.txt': '東京は日本の首都です。' });
    expect(await filesFor(index, 'creme brulee')).toEqual(['a.txt']);
    expect(await filesFor(index, 'installed')).toEqual(['a.txt']);
    expect(await index.search('首都')).toMatchObject([{ file: 'b.txt', text: '東京は日本の首都です。' }]);
  });

  it.each([
    '"',
    'a" OR "b',
    'apples"; DROP TABLE sections; --',
    'NEAR(apples',
    'file:apples*',
    '^apples -pears',
    'AND',
    '{a b}: c',
    '\0apples',
  ])('treats %j as plain words', async (query) => {
    const index = await indexOf({ 'a.md': 'apples' });
    await index.search(query).catch((error: unknown) => expect(error).toBeInstanceOf(ToolError));
    expect(await filesFor(index, 'apples')).toEqual(['a.md']);
  });

  it('rejects a query without words', async () => {
    await expect((await indexOf({})).search(' ?')).rejects.toThrow('The query " ?" has no words');
  });

  it('shows the hit within 800 characters', async () => {
    const index = await indexOf({ 'a.txt': `${'lorem ipsum '.repeat(250)}needle ${'dolor sit '.repeat(250)}` });
    const [hit] = await index.search('needle');
    expect(hit?.text).toContain('needle');
    expect(hit?.text.length).toBeLessThanOrEqual(800);
  });

  it('follows new, changed, moved and deleted files', async () => {
    const folder = folderOf({ 'a.md': 'apples', 'b.md': 'bananas', 'c/d.md': 'dates' });
    const index = await openIndex(folder);
    write(folder, 'a.md', 'avocados');
    write(folder, 'new/e.md', 'elderberries');
    rmSync(join(folder, 'b.md'));
    rmSync(join(folder, 'c'), { recursive: true });
    expect(await filesFor(index, 'apples bananas dates')).toEqual([]);
    expect(await filesFor(index, 'avocados elderberries')).toEqual(['a.md', 'new/e.md']);
  });

  it('sees a change of the same size and time', async () => {
    const folder = folderOf({ 'a.md': 'apples' });
    utimesSync(join(folder, 'a.md'), 1, 1);
    const index = await openIndex(folder);
    write(folder, 'a.md', 'grapes');
    utimesSync(join(folder, 'a.md'), 1, 1);
    expect(await filesFor(index, 'grapes')).toEqual(['a.md']);
  });

  it('rescans the folder only after the interval', async () => {
    const folder = folderOf({ 'a.md': 'apples' });
    const [patient, eager] = [await openIndex(folder, { rescanMs: 60_000 }), await openIndex(folder)];
    write(folder, 'b.md', 'bananas');
    expect(await filesFor(patient, 'bananas')).toEqual([]);
    const together = ['bananas', 'bananas'].map((query) => filesFor(eager, query));
    expect(await Promise.all(together)).toEqual([['b.md'], ['b.md']]);
  });

  it('skips hidden files and node_modules, and does not follow links out of the folder', async () => {
    const outside = folderOf({ 'secret.md': 'apples', 'inner/secret.md': 'apples' });
    const folder = folderOf({
      '.git/a.md': 'apples',
      '.env.md': 'apples',
      'node_modules/p/README.md': 'apples',
      'b.md': 'pears',
    });
    symlinkSync(join(outside, 'secret.md'), join(folder, 'link.md'));
    symlinkSync(join(outside, 'inner'), join(folder, 'inner'));
    symlinkSync('../..', join(folder, 'up'));
    symlinkSync('/etc/hostname', join(folder, 'host.txt'));
    symlinkSync('gone.md', join(folder, 'dangling.md'));
    symlinkSync('.', join(folder, 'circle'));
    const index = await openIndex(folder);
    expect(await filesFor(index, 'apples')).toEqual([]);
    expect(await filesFor(index, 'pears')).toEqual(['b.md']);
  });

  it('follows links within the folder, as in a Kubernetes volume', async () => {
    const folder = folderOf({ '..2026_11_23/guide.md': 'apples' });
    symlinkSync('..2026_11_23', join(folder, '..data'));
    symlinkSync('..data/guide.md', join(folder, 'guide.md'));
    const index = await openIndex(folder);
    expect(await filesFor(index, 'apples')).toEqual(['guide.md']);
    write(folder, '..2026_11_24/guide.md', 'bananas');
    rmSync(join(folder, '..data'));
    symlinkSync('..2026_11_24', join(folder, '..data'));
    expect(await filesFor(index, 'apples bananas')).toEqual(['guide.md']);
    expect(await index.search('bananas')).toMatchObject([{ text: 'bananas' }]);
  });

  it('skips files larger than 2 MB, and warns once', async () => {
    const warnings: string[] = [];
    const folder = folderOf({ 'large.txt': `apples ${'x '.repeat(1_100_000)}`, 'small.txt': 'apples' });
    const index = await openIndex(folder, { logger: { warn: (message) => warnings.push(message) } });
    expect(await filesFor(index, 'apples')).toEqual(['small.txt']);
    expect(warnings).toEqual([expect.stringContaining('large.txt is not searched because it is larger than')]);
  });

  it('reads broken and other encodings as well as possible', async () => {
    const index = await indexOf({
      'latin.txt': Buffer.from('Fran\u00E7ais caf\u00E9', 'latin1'),
      'utf16.txt': Buffer.from('\uFEFFsixteen caf\u00E9', 'utf16le'),
      'bom.md': '\uFEFF# Heading\r\nwith a mark\r\n',
      'binary.txt': Buffer.from([0, 1, 2, 255, 254, 0, 97, 0, 200, 0xed, 0xa0, 0x80]),
      'empty.md': '',
    });
    expect(await filesFor(index, 'café')).toEqual(['latin.txt', 'utf16.txt']);
    expect(await index.search('mark')).toMatchObject([{ heading: 'Heading', text: 'with a mark' }]);
  });

  it('stops waiting if the signal aborts', async () => {
    const index = await indexOf({ 'a.md': 'apples' });
    await expect(index.search('apples', 5, AbortSignal.abort(new Error('gone')))).rejects.toThrow('gone');
    const caller = new AbortController();
    const searching = index.search('apples', 5, caller.signal);
    caller.abort(new Error('left'));
    await expect(searching).rejects.toThrow('left');
    expect(await filesFor(index, 'apples')).toEqual(['a.md']);
  });

  it('reports that no documents are configured', async () => {
    const index = await openIndex(undefined);
    await expect(index.search('apples')).rejects.toThrow(ToolError);
    await expect(index.search('apples')).rejects.toThrow('No documents are configured');
  });

  it('does not start with a path that is missing or not a folder', async () => {
    await expect(DocumentIndex.open('/no/such/folder')).rejects.toThrow(
      'DOCS_DIR: the folder /no/such/folder does not exist. Create it, or correct DOCS_DIR.',
    );
    const file = join(folderOf({ 'a.md': '' }), 'a.md');
    await expect(DocumentIndex.open(file)).rejects.toThrow(
      `DOCS_DIR: ${file} is not a folder. Create it, or correct DOCS_DIR.`,
    );
  });
});
