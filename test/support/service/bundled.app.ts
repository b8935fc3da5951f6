import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { access, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DIST = join(ROOT, 'dist');
const SCRIPTS = join(ROOT, '.ci');
const SCRIPT = join(SCRIPTS, 'bundle.mjs');
const WORKER = join(DIST, 'agents', 'schemas', 'schema.worker.js');
/** The applications that tests start many times. One script has the modules of all of them. */
const APPS = ['test/support/service/crashing.app.mjs', 'bench/chaos/app.mjs'].map((path) => join(ROOT, path));
const BUNDLES = join(ROOT, 'node_modules', '.cache', 'bundled.apps');
/** No server answers there: an application that starts asks no model. */
const NOWHERE = 'http://127.0.0.1:9';

let bundling: Promise<string> | undefined;

/**
 * Returns the file that starts an application of the list above. It is bundled, because half of a start would be the
 * loading of modules. Suites and later runs share the bundle until one of its sources changes.
 */
export async function bundledApp(file: string): Promise<string> {
  bundling ??= bundle();
  return join(await bundling, `${parse(file).name}.js`);
}

async function bundle(): Promise<string> {
  const folder = join(BUNDLES, String(newestMs()));
  if (await isThere(folder)) return folder;
  await mkdir(BUNDLES, { recursive: true });
  const older = await readdir(BUNDLES);
  const unfinished = await mkdtemp(join(BUNDLES, 'unfinished-'));
  const env = { PATH: process.env.PATH, MODEL_URL: NOWHERE, LEDGER_URL: NOWHERE, CONCURRENCY: '1' };
  try {
    await promisify(execFile)(process.execPath, [SCRIPT, unfinished, ...APPS, WORKER], { env });
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true });
    // Another worker was faster.
    if (!(await isThere(folder))) throw error;
  }
  const stale = older.filter((name) => !name.startsWith('unfinished-') && name !== basename(folder));
  await Promise.all(stale.map((name) => rm(join(BUNDLES, name), { recursive: true, force: true })));
  return folder;
}

/** Returns when a source of the bundle has last changed. */
function newestMs(): number {
  const sources = [DIST, SCRIPTS].flatMap((folder) =>
    ['', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].map((name) => join(folder, name)),
  );
  const installed = join(ROOT, 'node_modules', '.package-lock.json');
  return Math.max(...[...APPS, installed, ...sources].map((path) => statSync(path).mtimeMs));
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
