import { execFile } from 'node:child_process';
import { join, parse } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const WORKER = join(ROOT, 'dist', 'agents', 'schemas', 'schema.worker.js');
/** No server answers there: an application that starts asks no model. */
const NOWHERE = 'http://127.0.0.1:9';

const bundling = new Map<string, Promise<string>>();

/**
 * Bundles an application that starts many times, because half of a start would be the loading of modules. Returns the
 * file that starts it.
 */
export function bundledApp(file: string): Promise<string> {
  const known = bundling.get(file) ?? bundle(file);
  bundling.set(file, known);
  return known;
}

async function bundle(file: string): Promise<string> {
  const folder = join(ROOT, 'node_modules', '.cache', parse(file).name);
  const script = join(ROOT, '.ci', 'bundle.mjs');
  const env = { PATH: process.env.PATH, MODEL_URL: NOWHERE, LEDGER_URL: NOWHERE, CONCURRENCY: '1' };
  await promisify(execFile)(process.execPath, [script, folder, file, WORKER], { env });
  return join(folder, `${parse(file).name}.js`);
}
