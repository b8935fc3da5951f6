import { describe, expect, it } from '@jest/globals';
import { estimateTokenCount } from 'tokenx';
import { asciiTokens } from './ascii.tokens.js';

const WORDS = [
  'a',
  'the',
  'rookery',
  'Nest',
  'HTTP2',
  '1',
  '2026',
  '1234567',
  "isn't",
  'internationalization',
  '\x00',
  '\x7f',
];
const MARKS = ['.', ',', '...', '?!', '((', '"', '_', '-------', '*'];
const BLANKS = [' ', '  ', '\n', '\n\n', '\n  ', ' \n', '\t', '\r\n', '\v', '\f'];

describe('asciiTokens', () => {
  it('estimates as tokenx does, for random texts', () => {
    const seed = Date.now() % 1_000_000;
    const random = randomOf(seed);
    const any = (from: readonly string[]) => from[Math.floor(random() * from.length)] ?? '';
    for (let count = 0; count < 5000; count++) {
      const parts = Array.from({ length: Math.floor(random() * 20) }, () => any(listOf(random)));
      const text = parts.join('');
      expect({ seed, text, tokens: asciiTokens(text) }).toEqual({ seed, text, tokens: estimateTokenCount(text) });
    }
  });

  it('estimates as tokenx does, for every pair of characters', () => {
    for (let one = 0; one < 128; one++) {
      for (let other = 0; other < 128; other++) {
        const text = `a${String.fromCharCode(one, other)}`;
        if (asciiTokens(text) !== estimateTokenCount(text)) throw new Error(JSON.stringify(text));
      }
    }
  });

  it.each(['Grüße', '日本語', 'naïve', '\u00a0', 'ok \u{1F600}'])('leaves %j to tokenx', (text) => {
    expect(asciiTokens(text)).toBeUndefined();
  });
});

/** One of the lists of parts, or single random characters. */
function listOf(random: () => number): readonly string[] {
  const characters = [String.fromCharCode(Math.floor(random() * 128))];
  return [WORDS, MARKS, BLANKS, WORDS, characters][Math.floor(random() * 5)] ?? WORDS;
}

/** A linear congruential generator, so that a failure can be repeated. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
