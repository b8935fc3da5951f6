import { HIT_END, HIT_START, snippetOf } from './document.snippet.js';

const hit = (word: string): string => `${HIT_START}${word}${HIT_END}`;
const filler = 'lorem ipsum '.repeat(200);

describe('snippetOf', () => {
  it('returns a short text unchanged, without the marks', () => {
    expect(snippetOf(`one ${hit('two')} three`)).toBe('one two three');
    expect(snippetOf('')).toBe('');
  });

  it.each([
    ['the beginning', `${hit('needle')} ${filler}`],
    ['the middle', `${filler}${hit('needle')} ${filler}`],
    ['the end', `${filler}${hit('needle')}`],
    ['a text without spaces', `${'x'.repeat(3000)}${hit('needle')}${'y'.repeat(3000)}`],
    ['emoji', `${'\u{1F600}'.repeat(3000)}${hit('needle')}${'\u{1F600}'.repeat(3001)}`],
  ])('shows a hit at %s within 800 characters', (_place, marked) => {
    const snippet = snippetOf(marked);
    expect(snippet).toContain('needle');
    expect(snippet.length).toBeLessThanOrEqual(800);
    expect(snippet.isWellFormed()).toBe(true);
    expect(snippet).not.toContain('ipsu…');
  });

  it('shows the part with the most hits', () => {
    const snippet = snippetOf(`${hit('one')} ${filler}${hit('two')} ${hit('three')} ${filler}`);
    expect(snippet).toMatch(/^….*two three.*…$/);
  });

  it('returns the beginning if nothing is marked', () => {
    expect(snippetOf(filler)).toMatch(/^lorem.*…$/);
  });
});
