import { SchemaCache } from './schema.cache.js';

const keysOf = (cache: SchemaCache<string>, keys: readonly string[]) => keys.filter((key) => cache.get(key) === key);

function filled(limits: { maxEntries: number; maxCharacters: number }, keys: readonly string[]): SchemaCache<string> {
  const cache = new SchemaCache<string>(limits);
  for (const key of keys) cache.set(key, key);
  return cache;
}

describe('SchemaCache', () => {
  it('keeps the newest entries up to its limit', () => {
    const cache = filled({ maxEntries: 2, maxCharacters: 100 }, ['a', 'b', 'c']);

    expect(keysOf(cache, ['a', 'b', 'c'])).toEqual(['b', 'c']);
  });

  it('keeps no more characters than its limit', () => {
    const cache = filled({ maxEntries: 10, maxCharacters: 6 }, ['aaa', 'bb', 'c', 'dddd']);

    expect(keysOf(cache, ['aaa', 'bb', 'c', 'dddd'])).toEqual(['c', 'dddd']);
  });

  it('evicts by the last read, not by the time of storing', () => {
    const cache = filled({ maxEntries: 2, maxCharacters: 100 }, ['a', 'b']);
    cache.get('a');
    cache.set('c', 'c');

    expect(keysOf(cache, ['a', 'b', 'c'])).toEqual(['a', 'c']);
  });

  it('does not store a text above the character limit, and evicts nothing for it', () => {
    const cache = filled({ maxEntries: 10, maxCharacters: 3 }, ['a', 'bbbb']);

    expect(keysOf(cache, ['a', 'bbbb'])).toEqual(['a']);
  });

  it('counts a text once if it is stored again', () => {
    const cache = filled({ maxEntries: 10, maxCharacters: 3 }, ['aa', 'aa', 'aa', 'b']);

    expect(keysOf(cache, ['aa', 'b'])).toEqual(['aa', 'b']);
  });
});
