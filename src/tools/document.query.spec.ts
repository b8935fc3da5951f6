import { queryOf, readable, searchable } from './document.query.js';
import { ToolError } from '../index.js';

describe('queryOf', () => {
  it.each([
    ['install linux', '"install" AND "linux"'],
    ['NOT a OR (b*) NEAR("c", 2)', '"not" AND "a" AND "or" AND "b" AND "near" AND "c" AND "2"'],
    ['body:x " -y ^z + \' ; DROP TABLE {q}', '"body" AND "x" AND "y" AND "z" AND "drop" AND "table" AND "q"'],
    ['same same Same', '"same"'],
    ['naïve Straße', '"naïve" AND "straße"'],
  ])('treats %s as plain words', (query, all) => {
    expect(queryOf(query)).toEqual({ all, any: all.replaceAll(' AND ', ' OR ') });
  });

  it('uses the first 32 words', () => {
    const words = Array.from({ length: 100 }, (_, index) => `w${index}`).join(' ');
    expect(queryOf(words).all.split(' AND ')).toHaveLength(32);
  });

  it.each(['', ' \n', '"', '*', '()', '-- ;'])('rejects %j, which has no words', (query) => {
    expect(() => queryOf(query)).toThrow(ToolError);
    expect(() => queryOf(query)).toThrow('has no words');
  });

  it('rejects a query of more than 1000 characters', () => {
    expect(() => queryOf('x'.repeat(1001))).toThrow('at most 1000 characters');
  });
});

describe('searchable', () => {
  it('inserts reversible breaks between Chinese and Japanese characters', () => {
    expect(searchable('日本語 text')).toBe('日\u200B本\u200B語 text');
    expect(readable(searchable('日本語 text データ'))).toBe('日本語 text データ');
  });
});
