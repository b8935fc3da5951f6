import { isString } from './json.object.js';
import { tryParseJson } from './json.text.js';

const PROBE = 'probe';

/**
 * A JSON text with one string left open. Most chunks of a streamed answer differ from the chunk before in one string:
 * to compare the rest takes a fifth of the time of `JSON.parse`.
 *
 * @example
 * const template = JsonTemplate.of('{"id":1,"text":"one"}', { name: 'text', value: 'one', read: textIn });
 * template?.valueIn('{"id":1,"text":"two"}'); // two
 * template?.valueIn('{"id":2,"text":"two"}'); // undefined
 */
export class JsonTemplate {
  private constructor(
    private readonly head: string,
    private readonly tail: string,
  ) {}

  /**
   * @param text a JSON text that has the field `name` with the string `value`, without blanks between them.
   * @param read reads this field from the parsed text.
   * @returns undefined if it is not certain that `read` reads the field that was found in the text.
   */
  static of(
    text: string,
    { name, value, read }: { name: string; value: string; read: (parsed: unknown) => unknown },
  ): JsonTemplate | undefined {
    const key = `"${name}":`;
    const string = JSON.stringify(value);
    const found = text.indexOf(key + string);
    if (found === -1) return undefined;
    const start = found + key.length;
    const template = new JsonTemplate(text.slice(0, start), text.slice(start + string.length));
    // With another string in this place, the reader must find that string.
    const probed = tryParseJson(template.head + JSON.stringify(PROBE) + template.tail);
    return read(probed) === PROBE ? template : undefined;
  }

  /** The open string of a text that is the same elsewhere; undefined if the text differs. */
  valueIn(text: string): string | undefined {
    const { head, tail } = this;
    const end = text.length - tail.length;
    // V8 compares slices by words, but `startsWith` by characters: it takes longer than to parse the text.
    if (end <= head.length || text.slice(0, head.length) !== head || text.slice(end) !== tail) return undefined;
    const value = tryParseJson(text.slice(head.length, end));
    return isString(value) ? value : undefined;
  }
}
