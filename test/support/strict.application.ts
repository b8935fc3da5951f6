import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const COMPILER_OPTIONS = {
  target: 'es2023',
  module: 'nodenext',
  types: ['node'],
  strict: true,
  exactOptionalPropertyTypes: true,
  experimentalDecorators: true,
  emitDecoratorMetadata: true,
  skipLibCheck: true,
};

/** The parts in which the applications of the tests differ. */
export interface StrictApplication {
  /** Each file by its path in the folder. */
  files: Readonly<Record<string, string>>;
  /** Folders of `node_modules`. Default: all. Rookery is always there. */
  packages?: readonly string[];
  compilerOptions?: object;
  /** Default: all files. */
  include?: readonly string[];
}

/** Writes a strict application into an empty folder, with packages of this repository. */
export async function writeStrictApplication(folder: string, application: StrictApplication): Promise<void> {
  const { files, packages = await readdir(join(ROOT, 'node_modules')), include = Object.keys(files) } = application;
  await mkdir(join(folder, 'node_modules'));
  await symlink(ROOT, join(folder, 'node_modules/rookery'));
  for (const name of packages) await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  const compilerOptions = { ...COMPILER_OPTIONS, ...application.compilerOptions };
  const settings = { 'package.json': { type: 'module' }, 'tsconfig.json': { compilerOptions, include } };
  for (const [name, value] of Object.entries(settings)) await writeFile(join(folder, name), JSON.stringify(value));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
}
