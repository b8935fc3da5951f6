import { InexactNumber, parseExactJson } from './exact.json.js';

describe('parseExactJson', () => {
  it.each(['9007199254740991', '-9007199254740991', '1e21', '0.1', '1.5e3', '18014398509481984', '1e-400', '100.0'])(
    'reads %s',
    (text) => {
      expect(parseExactJson(text)).toBe(Number(text));
    },
  );

  it.each(['9007199254740993', '9007199254740993.0', '9.007199254740993e15', '-12345678901234567890', '1e400'])(
    'refuses %s, which would be rounded',
    (text) => {
      expect(() => parseExactJson(`{"id":[${text}]}`)).toThrow(InexactNumber);
      expect(() => parseExactJson(`{"id":[${text}]}`)).toThrow(text);
    },
  );

  it('refuses an integer of 400 digits', () => {
    expect(() => parseExactJson('7'.repeat(400))).toThrow(InexactNumber);
  });

  it('replaces half of a surrogate pair', () => {
    expect(parseExactJson('"a\\ud83d"')).toBe('a\uFFFD');
    expect(parseExactJson('"\\ud83d\\ude00"')).toBe('😀');
  });
});
