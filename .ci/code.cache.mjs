// Keeps the code that V8 compiles during a start of a bundled application. Later starts need not compile it.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const LIMIT_MS = 60_000;

/** Starts the application once. Without the code an application works too, so a failure is only reported. */
export function keepCode(folder, entry, settings) {
  const home = mkdtempSync(join(tmpdir(), 'rookery-build-'));
  const env = { ...settings, PORT: '0', DATABASE_URL: `file:${join(home, 'build.db')}` };
  try {
    const stdio = ['ignore', 'ignore', 'inherit'];
    execFileSync(process.execPath, [import.meta.filename, folder, entry], { cwd: home, env, stdio, timeout: LIMIT_MS });
  } catch (error) {
    process.stderr.write(`Starts will be slower, because the build could not try one: ${error.message}\n`);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function startAndKeep(folder, entry) {
  // The application must not take them for its own arguments.
  process.argv.splice(2);
  const load = (name) => import(pathToFileURL(join(folder, name)).href);
  await load(entry);
  const { script } = await load('modules.js');
  writeFileSync(join(folder, 'modules.cache'), script.createCachedData());
  process.exit(0);
}

if (process.argv[1] === import.meta.filename) await startAndKeep(process.argv[2], process.argv[3]);
