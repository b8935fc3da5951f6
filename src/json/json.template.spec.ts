import { Random } from '../../test/support/random.js';
import { fieldsOf } from '../models/openai/provider.answer.js';
import { JsonTemplate } from './json.template.js';
import { tryParseJson } from './json.text.js';

const textIn = (parsed: unknown) => fieldsOf(parsed).text;

function templateOf(text: string, value: string): JsonTemplate | undefined {
  return JsonTemplate.of(text, { name: 'text', value, read: textIn });
}

describe('JsonTemplate', () => {
  const template = templateOf('{"id":1,"text":"one","n":null}', 'one');

  it('reads the open string of a text that is the same elsewhere', () => {
    expect(template?.valueIn('{"id":1,"text":"two","n":null}')).toBe('two');
    expect(template?.valueIn('{"id":1,"text":"","n":null}')).toBe('');
    expect(template?.valueIn(String.raw`{"id":1,"text":"a\n\"\u00e9","n":null}`)).toBe('a\n"é');
  });

  it.each([
    ['another value elsewhere', '{"id":2,"text":"two","n":null}'],
    ['another end', '{"id":1,"text":"two","n":0}'],
    ['no string', '{"id":1,"text":null,"n":null}'],
    ['a number', '{"id":1,"text":7,"n":null}'],
    ['a further field', '{"id":1,"text":"two","text":"three","n":null}'],
    ['a character that JSON does not allow', '{"id":1,"text":"a\nb","n":null}'],
    ['an open string', '{"id":1,"text":"two,"n":null}'],
    ['a shorter text', '{"id":1,"text":'],
  ])('does not read a text with %s', (_, text) => {
    expect(template?.valueIn(text)).toBeUndefined();
  });

  it.each([
    ['the field is found in another place first', '{"deep":{"text":"one"},"text":"one"}'],
    ['the field is there twice', '{"text":"one","text":"one"}'],
    ['the text has a blank after the colon', '{"text": "one"}'],
    ['the text has another spelling of the value', String.raw`{"text":"\u006fne"}`],
  ])('takes no template if %s', (_, text) => {
    expect(templateOf(text, 'one')).toBeUndefined();
  });

  it('reads what JSON.parse reads, or nothing', () => {
    const random = new Random(11);
    const pick = (values: readonly unknown[]) => values[random.below(values.length)];
    const STRINGS = ['', 'a', 'text', '"text":"a"', '\\', '\n', 'é', '😀', '\ud800', '}'];
    for (let round = 0; round < 5000; round++) {
      const value = String(pick(STRINGS));
      const fields = [
        ['id', pick([...STRINGS, 1, null])],
        ['text', value],
        [pick(['x', 'text']), pick([...STRINGS, { text: value }])],
      ];
      const known = templateOf(JSON.stringify(Object.fromEntries(fields)), value);
      const next = JSON.stringify(Object.fromEntries([fields[0] ?? [], ['text', pick(STRINGS)], fields[2] ?? []]));
      const text = random.below(2) === 0 ? next : random.insert(next, String(pick(STRINGS)));
      expect([undefined, textIn(tryParseJson(text))]).toContain(known?.valueIn(text));
    }
  });
});
