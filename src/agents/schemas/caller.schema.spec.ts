import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const MODULE = new URL('./caller.schema.ts', import.meta.url).href;
const KIB = 1024;

/** Returns the growth of the heap in bytes after compiling and using that many different schemas. */
const MEASURE = `
  import { compileCallerSchema } from '${MODULE}';
  const use = (from, to) => {
    for (let n = from; n < to; n++) {
      const properties = { ['k' + n]: { type: 'string', pattern: '^x' + n }, list: { $ref: '#/$defs/List' } };
      const schema = { type: 'object', properties, $defs: { List: { type: 'array', items: { type: 'integer' } } } };
      compileCallerSchema(JSON.stringify(schema)).check('{"list":[1,2]}');
    }
  };
  const heapUsed = () => {
    gc();
    gc();
    return process.memoryUsage().heapUsed;
  };
  use(0, 200);
  const before = heapUsed();
  use(200, 600);
  console.log(heapUsed() - before);
`;

describe('compileCallerSchema', () => {
  it('retains no compiled schema', async () => {
    const args = ['--expose-gc', '--input-type=module', '--eval', MEASURE];
    const { stdout } = await promisify(execFile)(process.execPath, args);

    // An instance of Ajv keeps 9 KiB of each schema.
    expect(Number(stdout) / 400).toBeLessThan(2 * KIB);
  });
});
