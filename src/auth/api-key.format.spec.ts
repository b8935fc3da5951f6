import { apiKeyText, hashOf, looksLikeApiKey, newKeyId, newSecret, readApiKey } from './api-key.format.js';

/** The expression that the documentation gives to secret scanners. */
const DOCUMENTED = /^rookery_[0-9a-f]{16}_[A-Za-z0-9_-]{43}[A-Za-z0-9]{6}$/;

describe('a key', () => {
  it('is recognized by the documented expression, and read again', () => {
    for (let count = 0; count < 100; count++) {
      const parts = { id: newKeyId(), secret: newSecret() };
      const text = apiKeyText(parts);
      expect(text).toMatch(DOCUMENTED);
      expect(looksLikeApiKey(text)).toBe(true);
      expect(readApiKey(text)).toEqual(parts);
    }
  });

  it('ends with the CRC-32 of the text before, in base 62', () => {
    const text = apiKeyText({ id: '0'.repeat(16), secret: 'A'.repeat(43) });
    expect(text).toBe(`rookery_${'0'.repeat(16)}_${'A'.repeat(43)}3WsJ5v`);
  });

  it('is refused if one character is wrong or missing', () => {
    const text = apiKeyText({ id: newKeyId(), secret: newSecret() });
    for (let at = 'rookery_'.length; at < text.length; at++) {
      const other = text[at] === '0' ? '1' : '0';
      expect(readApiKey(text.slice(0, at) + other + text.slice(at + 1))).toBeUndefined();
      expect(readApiKey(text.slice(0, at) + text.slice(at + 1))).toBeUndefined();
    }
  });

  it('has no checksum if an earlier release made it, and stays valid', () => {
    const parts = { id: newKeyId(), secret: newSecret() };
    expect(readApiKey(`rk_${parts.id}_${parts.secret}`)).toEqual(parts);
    expect(hashOf(parts.secret)).toHaveLength(43);
  });
});
