import { msOf } from '../../test/support/time.js';
import { markdownSections } from './markdown.sections.js';

function headings(source: string): string[] {
  return markdownSections(source).map(({ heading }) => heading);
}

describe('markdownSections', () => {
  it('splits at headings of both styles, with the heading path', () => {
    const paragraphs = [
      'before',
      '# Guide',
      'intro',
      'Install\n-------',
      'one\ntwo',
      '### Linux ###',
      'apt',
      '## Use',
      'run',
      'Another\nguide\n===',
      'end',
    ];
    expect(markdownSections(paragraphs.join('\n\n'))).toEqual([
      { heading: '', text: 'before' },
      { heading: 'Guide', text: 'intro' },
      { heading: 'Guide > Install', text: 'one\ntwo' },
      { heading: 'Guide > Install > Linux', text: 'apt' },
      { heading: 'Guide > Use', text: 'run' },
      { heading: 'Another guide', text: 'end' },
    ]);
  });

  it.each([
    ['a fence', '# A\n```sh\n# no heading\nx\n---\n```\ntext'],
    ['a longer fence', '# A\n````\n```\n# no heading\n```\n````\ntext'],
    ['a fence of tildes', '# A\n~~~ a`b\n```\n# no heading\n~~~\ntext'],
    ['a fence that never ends', '# A\n```\n# no heading'],
    ['indented code', '# A\ntext\n\n    # no heading'],
    ['a comment', '# A\n<!-- one\n# no heading\n-->\ntext'],
    ['a list above a rule', '# A\n- item\n---\ntext'],
    ['a quote above a rule', '# A\n> quote\n---\ntext'],
    ['a table', '# A\n| a |\n|---|\n| b |\n---\ntext'],
    ['a list item', '# A\n- item\n\n  # no heading'],
    ['a fence in a list item', '# A\n1. item\n\n    ```\n    # no heading\n    ```'],
    ['an HTML block', '# A\n<div>\n# no heading\n</div>'],
    ['a word with #', '# A\n#tag is none\n####### nor this'],
  ])('finds no heading in %s', (_name, source) => {
    expect(headings(source)).toEqual(['A']);
  });

  it('continues after a closed fence', () => {
    expect(headings('# A\n```\ncode\n```\n# B\ntext')).toEqual(['A', 'B']);
  });

  it('treats front matter as text', () => {
    expect(markdownSections('---\ntitle: The guide\n# none\n---\n# A\ntext')).toEqual([
      { heading: '', text: 'title: The guide\n# none' },
      { heading: 'A', text: 'text' },
    ]);
    expect(headings('---\n\n# A\ntext\n\n---\nmore')).toEqual(['', 'A']);
  });

  it.each([
    ['# The `run` command', 'The run command'],
    ['# See [the docs](https://a.example/b) **now**', 'See the docs now'],
    ['# See [the docs][1] ![logo](a.svg)\n\n[1]: https://a.example', 'See the docs logo'],
    ['# The _first_ &amp; <b>last</b> `Array<T>`', 'The first & last Array<T>'],
    ['Two\nlines\n===', 'Two lines'],
    ['# C#', 'C#'],
    ['# Install {#install}', 'Install'],
    ['#\tTab #', 'Tab'],
  ])('strips markup from the heading %s', (source, heading) => {
    expect(headings(`${source}\ntext`)).toEqual([heading]);
  });

  it('splits long sections at paragraphs, without losing text', () => {
    const paragraph = `${'word '.repeat(300).trim()}.`;
    const sections = markdownSections(`# A\n${Array.from({ length: 10 }, () => paragraph).join('\n\n')}`);
    expect(sections.length).toBeGreaterThan(3);
    for (const { heading, text } of sections) {
      expect(heading).toBe('A');
      expect(text.length).toBeLessThanOrEqual(4000);
      expect(text.endsWith('.')).toBe(true);
    }
    expect(sections.map(({ text }) => text.length).reduce((sum, length) => sum + length)).toBeGreaterThan(14_990);
  });

  it.each([
    ['#', '#'.repeat(500_000)],
    ['[', `# ${'['.repeat(250_000)}`],
    [' ', `# a${' '.repeat(250_000)}b`],
    ['```\n', '```\n'.repeat(125_000)],
    ['a\n', 'a\n'.repeat(250_000)],
    ['<!--\n', '<!--\n'.repeat(75_000)],
    ['# h\n', '# h\n'.repeat(100_000)],
    ['-', '-'.repeat(250_000)],
    ['-', `a\n${'-'.repeat(250_000)} x`],
    ['\u{1F600}', '\u{1F600}'.repeat(100_000)],
    ['>', '>'.repeat(500_000)],
    ['- ', '- '.repeat(250_000)],
    ['- a\n', '- a\n'.repeat(125_000)],
    ['1. ', '1. '.repeat(150_000)],
    ['> ', `${'> '.repeat(90)}a\n`.repeat(2_500)],
    ['  ', Array.from({ length: 700 }, (_, depth) => `${'  '.repeat(depth)}- a\n`).join('')],
    ['| a |\n|---|\n', '| a |\n|---|\n'.repeat(37_500)],
    ['[a]: b "\n', '[a]: b "\n'.repeat(50_000)],
    ['[a]: ', '[a]: '.repeat(100_000)],
    ['<div>\n\n', '<div>\n\n'.repeat(62_500)],
    ['# ![[[[<a>`*_\n', '# ![[[[<a>`*_\n'.repeat(35_000)],
  ])('reads 500 KB that repeat %j in seconds', (_, source) => {
    expect(msOf(() => markdownSections(source))).toBeLessThan(5000);
  });
});
