import { access, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { pathFault } from '../../errors/path.fault.js';
import { asCalled } from '../command.line.js';

const TYPESCRIPT = /(?<!\.d)\.([cm]?)ts$/;
/** Left out: what was compiled, packages, and settings of editors. */
const SKIPPED: ReadonlySet<string> = new Set(['dist', 'node_modules', 'tsconfig.json']);
/** Marks a folder as made by this command, which may remove it. */
const MARKER = '.rookery-build';

/** The options of the compiler: decorators with their metadata, as Nest needs them. */
const COMPILER = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true },
  },
  module: { type: 'es6' },
  sourceMaps: 'inline',
} as const;

/**
 * Compiles the TypeScript of a folder into its folder `dist`, and copies the other files. Types are not checked. A fault
 * leaves the last build as it is.
 *
 * @returns a sentence that says what to do next.
 * @throws Error with the place of the first fault.
 */
export async function buildFolder(folder: string): Promise<string> {
  const names = await filesIn(folder, '');
  const sources = names.filter((name) => TYPESCRIPT.test(name));
  if (sources.length === 0) return `Nothing to compile. Serve the folder with AGENTS_DIR=${folder}`;
  const target = join(folder, 'dist');
  await requireOwn(target);
  requireDistinct(names);
  const compiled = new Map<string, string>();
  for (const name of sources) compiled.set(name, await compile(join(folder, name), join(target, outputOf(name))));
  await rm(target, { recursive: true, force: true });
  await mkdir(target);
  await writeFile(join(target, MARKER), '');
  for (const name of names) {
    const output = join(target, outputOf(name));
    await mkdir(dirname(output), { recursive: true });
    const code = compiled.get(name);
    if (code === undefined) await copyFile(join(folder, name), output);
    else await writeFile(output, code);
  }
  return `Compiled ${sources.length} files. Serve them with AGENTS_DIR=${target}`;
}

/** Whether the folder has something to compile. */
export async function hasTypeScript(folder: string): Promise<boolean> {
  return (await filesIn(folder, '')).some((name) => TYPESCRIPT.test(name));
}

async function compile(path: string, output: string): Promise<string> {
  const { transform } = await import('@swc/core').catch((cause: unknown) => {
    const elsewhere =
      'The image does not have it: compile in a clone of Rookery, and serve the folder dist of the agents.';
    throw new Error(`Compiling needs the package @swc/core, which npm ci installs. ${elsewhere}`, { cause });
  });
  const { code } = await transform(await readFile(path, 'utf8'), {
    ...COMPILER,
    filename: path,
    sourceFileName: relative(dirname(output), path),
    configFile: false,
    swcrc: false,
  });
  return code;
}

/** @throws Error if the folder has other files than those of an earlier build. */
async function requireOwn(target: string): Promise<void> {
  if ((await isThere(target)) && !(await isThere(join(target, MARKER)))) {
    throw new Error(`${target} was not made by this command. Move it, and build again.`);
  }
}

/** @throws Error if one file would overwrite another. */
function requireDistinct(names: readonly string[]): void {
  const sources = new Map<string, string>();
  for (const name of names) {
    const output = outputOf(name);
    const other = sources.get(output);
    if (other !== undefined) throw new Error(`${other} and ${name} would both become ${output}. Rename one of them.`);
    sources.set(output, name);
  }
}

function outputOf(name: string): string {
  return name.replace(TYPESCRIPT, '.$1js');
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** The paths of all files, without hidden ones. @throws Error if the folder cannot be read. */
async function filesIn(folder: string, parent: string): Promise<string[]> {
  const entries = await readdir(join(folder, parent), { withFileTypes: true }).catch((cause: unknown) => {
    const advice = asCalled(`Create it: npm run rookery -- init ${folder}`);
    throw new Error(`No agents: ${pathFault('folder', join(folder, parent), cause)}. ${advice}`, { cause });
  });
  const paths: string[] = [];
  for (const { name, ...entry } of entries.map((each) => ({ name: each.name, isFolder: each.isDirectory() }))) {
    const path = join(parent, name);
    if (name.startsWith('.') || SKIPPED.has(path) || name === 'node_modules') continue;
    if (!entry.isFolder) paths.push(path);
    else if (!(await isThere(join(folder, path, MARKER)))) paths.push(...(await filesIn(folder, path)));
  }
  return paths;
}
