import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const IMPORT = /^(?:import|export) [^;]*? from '(\.[^']+)\.js';$/gms;

const read = (path: string): Promise<string> => readFile(`${ROOT}${path}`, 'utf8');

/** The numbered list of files below that line. */
async function filesBelow(line: string): Promise<string[]> {
  const [, text = ''] = (await read('docs/architecture.md')).split(line);
  const [list = ''] = text.trim().split('\n\n');
  return Array.from(list.matchAll(/^\d+\. `([^`]+)`$/gm), ([, path = '']) => path);
}

async function importsOf(path: string): Promise<string[]> {
  const text = await read(path);
  return Array.from(text.matchAll(IMPORT), ([, target = '']) => `${posix.join(posix.dirname(path), target)}.ts`);
}

describe.each([
  ['To follow a chat through the code, read these files in this order:', 9],
  ['To follow a task:', 12],
])('the files below "%s"', (line, most) => {
  it(`are at most ${most}, and each imports an earlier one or is imported by one`, async () => {
    const files = await filesBelow(line);
    expect(files.length).toBeGreaterThan(1);
    expect(files.length).toBeLessThanOrEqual(most);
    const imports = await Promise.all(files.map(importsOf));
    const unconnected = files.filter((file, index) => {
      const earlier = new Set(files.slice(0, index));
      const isImported = imports.slice(0, index).some((each) => each.includes(file));
      return index > 0 && !isImported && !imports[index]?.some((each) => earlier.has(each));
    });
    expect(unconnected).toEqual([]);
  });
});
