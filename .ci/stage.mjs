// Stages the module for Nest applications in a temporary folder: its files, and its own manifest. The project stays as it
// is.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestOf } from './manifest.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** The `files` of the manifest select among them. */
const STAGED = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs'];

/** Returns the folder, which is removed when this process ends. `changes` replace fields of the manifest. */
export function stage(changes = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'rookery-pack-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  for (const name of STAGED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
  const manifest = { ...manifestOf(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))), ...changes };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return folder;
}
