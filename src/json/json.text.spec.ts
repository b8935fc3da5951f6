import { jsonOrText, tryParseJson } from './json.text.js';

it.each(['null', '7', '"a"', '{"a":[1]}'])('parses %s', (text) => {
  expect(tryParseJson(text)).toEqual(JSON.parse(text));
  expect(jsonOrText(text)).toEqual(JSON.parse(text));
});

it.each(['', '{', 'undefined', "{'a':1}"])('knows that %j is not JSON', (text) => {
  expect(tryParseJson(text)).toBeUndefined();
  expect(jsonOrText(text)).toBe(text);
});
