// Packs the module for Nest applications: `npm run pack`. Further arguments are those of `npm pack`. The files and their
// manifest are staged in a temporary folder, so the project stays as it is.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { manifestOf } from './manifest.mjs';
import { npm } from './npm.mjs';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
/** The `files` of the manifest select among them. */
const STAGED = ['CHANGELOG.md', 'LICENSE', 'README.md', 'dist', 'docs'];

const folder = mkdtempSync(join(tmpdir(), 'rookery-pack-'));
process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
for (const name of STAGED) cpSync(join(ROOT, name), join(folder, name), { recursive: true });
const manifest = manifestOf(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
// npm would print each of a thousand files.
npm('pack', folder, '--loglevel=error', ...process.argv.slice(2));
