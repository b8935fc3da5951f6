import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { COMPLETIONS_FIELDS } from '../../src/openai/chat/completions.fields.js';
import { RESPONSES_FIELDS } from '../../src/openai/responses/responses.fields.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const read = (path: string): Promise<string> => readFile(`${ROOT}${path}`, 'utf8');
const page = await read('docs/openai.md');

/** The fields of an interface of the package `openai`. */
async function fieldsOf(path: string, name: string): Promise<string[]> {
  const source = await read(`node_modules/openai/resources/${path}.d.ts`);
  const start = source.indexOf(`export interface ${name} {`);
  const body = source.slice(start, source.indexOf('\n}', start));
  return Array.from(body.matchAll(/^ {4}(\w+)\??:/gm), ([, field = '']) => field);
}

/** The rows of a table of the page, below a heading. */
function rowsBelow(heading: string): string[][] {
  const start = page.indexOf(`${heading}\n`) + heading.length;
  const [section = ''] = page.slice(start).split('\n##');
  return Array.from(section.matchAll(/^\| `(\w+)` +\| (\w+) +\|$/gm), ([, field = '', use = '']) => [field, use]);
}

it.each([
  ['### Fields of a response', RESPONSES_FIELDS, 'responses/responses', 'ResponseCreateParamsBase'],
  [
    '### Fields of a chat completion',
    COMPLETIONS_FIELDS,
    'chat/completions/completions',
    'ChatCompletionCreateParamsBase',
  ],
])('the table below "%s" is that of the code, with every field of the package', async (heading, rules, path, name) => {
  expect(rowsBelow(heading)).toEqual(Object.entries(rules).map(([field, { use }]) => [field, use]));
  const known = await fieldsOf(path, name);
  expect(known.length).toBeGreaterThan(30);
  expect(known.filter((field) => !(field in rules))).toEqual([]);
});
