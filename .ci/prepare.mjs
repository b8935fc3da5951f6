// Runs before `npm start` and `npm test`, on any version of Node. Installs if the lockfile is newer than node_modules.
// Builds if a source is newer than the last successful build.
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './npm.mjs';
import { inTurn } from './turns.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
// The last file of an installation.
const INSTALLED = join(ROOT, 'node_modules', '.package-lock.json');
// The last file that a build writes; a build with errors writes nothing.
const BUILT = join(ROOT, 'dist', 'app', 'modules.js');

const modifiedMs = (path) => (existsSync(path) ? statSync(path).mtimeMs : 0);

function newestMs(folder) {
  const entries = readdirSync(folder, { withFileTypes: true });
  const times = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? newestMs(path) : modifiedMs(path);
  });
  return Math.max(modifiedMs(folder), ...times);
}

function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  const isRecent = major > 24 || (major === 24 && minor >= 9);
  const bringsItsOwn = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch);
  if (isRecent || (bringsItsOwn && major >= 20)) return;
  const needed = bringsItsOwn ? '20' : '24.9';
  process.stderr.write(
    `Rookery needs Node ${needed} or newer on ${process.platform}-${process.arch}, but this is Node ${process.versions.node}.\n` +
      'Install a newer Node from https://nodejs.org and run the same command again.\n',
  );
  process.exit(1);
}

function isInstalled() {
  return modifiedMs(INSTALLED) >= modifiedMs(join(ROOT, 'package-lock.json'));
}

function isBuilt() {
  const bundler = ['bundle', 'code.cache', 'code.modules'].map((name) => `.ci/${name}.mjs`);
  const inputs = ['package-lock.json', 'tsconfig.json', 'nest-cli.json', ...bundler].map((name) =>
    modifiedMs(join(ROOT, name)),
  );
  const sources = ['src', 'studio'].map((name) => newestMs(join(ROOT, name)));
  return modifiedMs(BUILT) >= Math.max(...sources, ...inputs);
}

function prepare() {
  if (!isInstalled()) {
    process.stderr.write('Installing dependencies …\n');
    npm('ci', '--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error');
  }
  if (!isBuilt()) {
    process.stderr.write('Building …\n');
    npm('run', '--silent', 'build');
  }
}

requireNode();
if (!isInstalled() || !isBuilt()) inTurn(prepare);
