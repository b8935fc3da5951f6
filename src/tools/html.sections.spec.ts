import { msOf } from '../../test/support/time.js';
import { htmlSections } from './html.sections.js';

describe('htmlSections', () => {
  it('splits at h1 to h6, and removes tags', () => {
    const source = `<!doctype html><html><head><title>The &amp; title</title><style>p > a { color: red }</style></head>
      <body><p>Before</p><h1 class="a>b">Guide <em>one</em></h1><p>Some <b>bold</b>
      text</p><h2>Install</h2><ul><li>one<li>two</ul><h3>Linux</h3><pre>a
  b</pre><h2>Use</h2><table><tr><td>x</td><td>y</td></tr></table></body></html>`;
    expect(htmlSections(source)).toEqual([
      { heading: 'The & title', text: 'Before' },
      { heading: 'Guide one', text: 'Some bold text' },
      { heading: 'Guide one > Install', text: 'one\ntwo' },
      { heading: 'Guide one > Install > Linux', text: 'a\n  b' },
      { heading: 'Guide one > Use', text: 'x y' },
    ]);
  });

  it.each([
    ['&lt;b&gt; &quot;a&quot; &#65;&#x42; &uuml;&nbsp;&hellip; &copy;', '<b> "a" AB ü\u00A0… ©'],
    ['&unknown; & &; &#0; &#x110000; AT&T', '&unknown; & &; \uFFFD \uFFFD AT&T'],
    ['&#1;&check;&NotEqualTilde;&copy 2026', '✓≂̸© 2026'],
    ['<pre>a&#10;b&#2;c</pre>', 'a\nb c'],
    ['a < b and b<3', 'a < b and b<3'],
    ['a<br>b<br/>c', 'a\nb\nc'],
    ['un<wbr>broken', 'unbroken'],
    ['a<!-- <h1>no</h1> -->b', 'ab'],
    ['a<script>if (1 < 2) "<h1>no</h1>"</script>b<SCRIPT>x</SCRIPT >c', 'abc'],
    ['a<svg><title>no</title></svg>b', 'ab'],
    ['a<svg/>b<svg><path/>no</svg>c', 'abc'],
    ['a<template><p>no</template>b', 'ab'],
    ["a<p title=it's>b</p><p title='>'>c</p>", 'a\nb\nc'],
    ['a<b', 'a'],
    ['a<!-- never closed', 'a'],
    ['a<script> never closed', 'a'],
    ['a<p title="never closed', 'a'],
  ])('reads %s', (source, text) => {
    expect(htmlSections(source)).toEqual([{ heading: '', text }]);
  });

  it('keeps an unclosed heading, and one without text', () => {
    expect(htmlSections('<h1>A<h2>B</h2><h1>C')).toEqual([
      { heading: 'A > B', text: '' },
      { heading: 'C', text: '' },
    ]);
  });

  it.each([
    '<',
    '<a',
    '<!--',
    '</',
    '<a "',
    '<p a="',
    '<script>',
    '<h1>',
    '&',
    '&#',
    '<pre>\n',
    '<a =',
    '= "',
    '<svg></svg',
    '<div>',
    '<b><i>',
    '<form>',
    '<li><ul>',
    '</p>',
    '<svg><math>',
    '<template>',
    '<table><tr><td>',
    '<![CDATA[',
    '<title>',
    '<p a=1 ',
    '&amp;',
    '&ampersand',
  ])('reads 2 MB of %j in seconds', (piece) => {
    expect(msOf(() => htmlSections(piece.repeat(2_000_000 / piece.length)))).toBeLessThan(15_000);
  });
});
