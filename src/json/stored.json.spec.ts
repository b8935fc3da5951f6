import { isStringRecord } from './json.object.js';
import { readStoredJson, StoredJsonError } from './stored.json.js';

describe('reading stored JSON', () => {
  const read = (text: string) => readStoredJson(text, 'runs.releases', isStringRecord);

  it('returns a value of the expected form', () => {
    expect(read('{"researcher":"v2"}')).toEqual({ researcher: 'v2' });
  });

  it.each(['', '{', 'null', '[]', '7', '"secret"', '{"secret":1}', '{"a":"secret","b":["secret"]}'])(
    'names the table and the column of %j, but not its content',
    (text) => {
      expect(() => read(text)).toThrow(StoredJsonError);
      expect(() => read(text)).toThrow('A value in runs.releases cannot be read');
      expect(() => read(text)).not.toThrow(/secret/);
    },
  );
});
