import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const page = await readFile(`${ROOT}docs/security.md`, 'utf8');

/** The rows of both tables, by the code of their item. */
const rows = Array.from(page.matchAll(/^\| ((?:API|ASI)\d+) .*\| ([^|]+) \|$/gm), ([, item = '', tests = '']) => ({
  item,
  tests: Array.from(tests.matchAll(/`([^`]+)`/g), ([, name = '']) => name),
}));

describe('the tables of the security page', () => {
  it('have each item of both lists of OWASP', () => {
    const numbers = Array.from({ length: 10 }, (_, index) => index + 1);
    const agentic = numbers.map((number) => `ASI${String(number).padStart(2, '0')}`);

    expect(rows.map(({ item }) => item)).toEqual([...numbers.map((number) => `API${number}`), ...agentic]);
  });

  it.each(rows)('name existing tests for $item', ({ tests }) => {
    const pathOf = (name: string): string => (name.includes('/') ? name : `test/*/${name}.{e2e-spec,spec}.ts`);

    expect(tests.length).toBeGreaterThan(0);
    expect(tests.filter((name) => globSync(pathOf(name), { cwd: ROOT }).length === 0)).toEqual([]);
  });
});
