import { BlockSplitter } from './block.splitter';

/** Adds a text in pieces, as a model sends it. */
function grow(splitter: BlockSplitter, text: string, step: number) {
  let blocks: ReturnType<BlockSplitter['split']> = [];
  for (let length = step; length < text.length + step; length += step) blocks = splitter.split(text.slice(0, length));
  return blocks;
}

const TEXT =
  '# Title\n\nSome **bold** text.\n\n- one\n- two\n\n```js\nconst a = 1;\n\nconst b = 2;\n```\n\n| a |\n|---|\n| 1 |\n';

describe('BlockSplitter', () => {
  it.each([1, 3, 7, 1000])('finds the same blocks in a text that grows by %i characters', (step) => {
    const sources = grow(new BlockSplitter(), TEXT, step).map(({ source }) => source);
    expect(sources.join('')).toBe(TEXT);
    expect(sources.map((source) => source.trim().split('\n')[0])).toEqual([
      '# Title',
      'Some **bold** text.',
      '- one',
      '```js',
      '| a |',
    ]);
  });

  it('parses only the last block again', () => {
    const splitter = new BlockSplitter();
    const before = splitter.split('one\n\ntwo\n\nthree');
    const after = splitter.split('one\n\ntwo\n\nthree and four\n\nfive');
    expect(after).toHaveLength(4);
    expect(after[0]).toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });

  it('forgets the blocks of another text', () => {
    const splitter = new BlockSplitter();
    splitter.split('one\n\ntwo');
    expect(splitter.split('other').map(({ source }) => source)).toEqual(['other']);
  });
});
