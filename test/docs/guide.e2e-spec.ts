import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { objects, parseObject, string } from '../support/json.js';
import { writeStrictApplication } from '../support/strict.application.js';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MOST_LINES = 60;
/** The packages that the guide installs, and those of each Nest application. */
const INSTALLED = ['@nestjs', '@types', 'class-transformer', 'class-validator', 'reflect-metadata', 'rxjs', 'zod'];
const COMPILER_OPTIONS = {
  rootDir: 'src',
  outDir: 'dist',
  sourceMap: true,
  types: ['node', 'jest'],
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  isolatedModules: true,
};

/** Makes `it` a global, as Vitest and Jest do. */
const GLOBAL_IT = 'data:text/javascript,import { it } from "node:test"; globalThis.it = it;';

interface Ended {
  exitCode: number;
  output: string;
  errors: string;
}

const guide = await readFile(join(ROOT, 'docs/agents.md'), 'utf8');
/** The example's blocks, by file name. */
const files = new Map(
  Array.from(guide.matchAll(/^\*\*`(\S+?\.ts)`\*\*.*?^```ts\n(.*?)^```$/gms), ([, name = '', text = '']) => [
    name,
    text,
  ]),
);
/** The other blocks, each of which is complete by itself. */
const others = Array.from(guide.matchAll(/^```ts\n(.*?)^```$/gms), ([, text = '']) => text).filter(
  (text) => ![...files.values()].includes(text),
);
const folder = await mkdtemp(join(tmpdir(), 'rookery-guide-'));

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the example of the guide', () => {
  it('has an application and its test, within the promised number of lines', () => {
    expect([...files.keys()]).toEqual(['src/orders.agent.ts', 'src/main.ts', 'src/orders.agent.spec.ts']);
    const lines = [...files.values()].flatMap((text) => text.trimEnd().split('\n'));
    expect(lines.length).toBeLessThanOrEqual(MOST_LINES);
  });

  it('compiles in a strict application, as all others of the guide do', async () => {
    await writeStrictApplication(folder, {
      files: {
        ...Object.fromEntries(files),
        ...Object.fromEntries(others.map((text, index) => [`src/other.${index}.ts`, text])),
      },
      packages: INSTALLED,
      compilerOptions: COMPILER_OPTIONS,
      include: ['src'],
    });
    expect(others.length).toBeGreaterThanOrEqual(4);

    const compiled = await execute(join(ROOT, 'node_modules/typescript-7/bin/tsc'));

    expect(compiled).toEqual({ exitCode: 0, output: '', errors: '' });
  });

  it('fits the application that `nest new` makes: its compiler options, scripts and test runner', async () => {
    const options = ['--skip-install', '--skip-git', '--no-observe', '--package-manager', 'npm'];
    const made = await execute(join(ROOT, 'node_modules/@nestjs/cli/bin/nest.js'), 'new', 'orders', ...options);
    expect(made.exitCode).toBe(0);
    expect(parseObject(await readFile(join(folder, 'orders/package.json'), 'utf8'))).toMatchObject({
      type: 'module',
      scripts: { start: 'nest start', test: 'vitest run' },
    });
    const runner = await readFile(join(folder, 'orders/vitest.config.ts'), 'utf8');
    expect(runner).toMatch(/globals: true,[^]*include: \['\*\*\/\*\.spec\.ts'\]/);
    for (const [name, text] of files) await write(`orders/${name}`, text);
    // Vitest is not installed here: its globals have the types of those of Jest.
    await write('orders/node_modules/vitest/globals.d.ts', `/// <reference types="${ROOT}node_modules/@types/jest" />`);

    const compiler = join(ROOT, 'node_modules/typescript-7/bin/tsc');
    const { output } = await execute(compiler, '--noEmit', '--project', 'orders', '--rootDir', folder);

    // Its configurations import packages that are not installed here.
    expect(output).toContain('orders/vitest.config.ts');
    expect(output.split('\n').filter((line) => line.startsWith('orders/src'))).toEqual([]);
  });

  it('runs', async () => {
    const { exitCode, output, errors } = await execute('dist/main.js');

    expect({ exitCode, errors }).toEqual({ exitCode: 0, errors: '' });
    expect(output).toContain('[offline model] You said: “What is in order A-1001?”.');
  });

  it('says why it does not start', async () => {
    const main = await readFile(join(folder, 'dist/main.js'), 'utf8');
    await write('dist/lacking.js', main.replace('providers: [Orders, OrdersAgent]', 'providers: [OrdersAgent]'));

    const { exitCode, output, errors } = await execute('dist/lacking.js');

    expect(exitCode).toBe(1);
    expect(`${output}${errors}`).toContain("Nest can't resolve dependencies of the OrdersAgent");
  });

  it('passes its own test, which calls every function', async () => {
    const { exitCode, output, errors } = await execute('--import', GLOBAL_IT, 'dist/orders.agent.spec.js');

    expect({ exitCode, output, errors }).toEqual({
      exitCode: 0,
      output: expect.stringMatching(/^ℹ pass 1$/m),
      errors: '',
    });
    expect(await functionsOf('orders.agent.js')).toMatchObject({
      findOrder: true,
      cancelOrder: true,
      canActivate: true,
    });
    expect(Object.values(await functionsOf('orders.agent.js'))).not.toContain(false);
  });
});

function execute(...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env: { PATH: process.env.PATH, NODE_V8_COVERAGE: 'coverage' }, timeout: 60_000 };
    const child = execFile(process.execPath, args, options, (_, output, errors) =>
      resolve({ exitCode: child.exitCode ?? -1, output, errors }),
    );
  });
}

async function write(name: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, name)), { recursive: true });
  await writeFile(join(folder, name), text);
}

/** Returns the functions of a compiled file, and whether any of the processes called them. */
async function functionsOf(file: string): Promise<Record<string, boolean>> {
  const called: Record<string, boolean> = {};
  for (const report of await readdir(join(folder, 'coverage'))) {
    const { result } = parseObject(await readFile(join(folder, 'coverage', report), 'utf8'));
    const script = objects(result).find(({ url }) => string(url).endsWith(`/dist/${file}`));
    for (const { functionName, ranges } of objects(script?.functions)) {
      called[string(functionName)] ||= objects(ranges)[0]?.count !== 0;
    }
  }
  return called;
}
