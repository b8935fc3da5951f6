import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { buildFolder, hasTypeScript } from './build.command.js';

/** Built beside the bundle, and not part of it: the runner of the tests loads it in its own processes. */
const HOOKS = new URL('../service/commands/test.hooks.js', import.meta.url).href;

/**
 * Compiles the agents of a folder, and runs their tests with the runner of Node.
 *
 * @returns the exit code.
 * @throws Error if the folder has no test.
 */
export async function testFolder(folder: string): Promise<number> {
  const isCompiled = await hasTypeScript(folder);
  if (isCompiled) await buildFolder(folder);
  const root = isCompiled ? join(folder, 'dist') : folder;
  const files = globSync('**/*.{spec,test}.{js,mjs}', { cwd: root, exclude: ['**/node_modules/**'] });
  if (files.length === 0) throw new Error(`${folder} has no test. Name one weather.test.ts, for example.`);
  const paths = files.toSorted().map((file) => join(root, file));
  // A failed test may leave an application open.
  const args = ['--enable-source-maps', '--import', HOOKS, '--test', '--test-force-exit', ...paths];
  const runner = spawn(process.execPath, args, { stdio: 'inherit' });
  await once(runner, 'exit');
  return runner.exitCode ?? 1;
}
