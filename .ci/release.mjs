// Publishes the module: `npm run release -- --dry-run` tries all but the upload. Otherwise it needs a job of CI that npm
// trusts. The provenance says which commit the package was built from.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './npm.mjs';
import { stage } from './stage.mjs';

const ROOT = join(import.meta.dirname, '..');
/** npm asks them for the identity of the job. */
const IDENTITIES = ['ACTIONS_ID_TOKEN_REQUEST_URL', 'SIGSTORE_ID_TOKEN'];

const read = (name) => readFileSync(join(ROOT, name), 'utf8');
const isDry = process.argv.includes('--dry-run');
const { version } = JSON.parse(read('package.json'));
const faults = [...versionFaults(), ...treeFaults(), ...(isDry ? [] : identityFaults())];
if (faults.length > 0) {
  process.stderr.write(`${version} cannot be released:\n${faults.map((fault) => `- ${fault}\n`).join('')}`);
  process.exit(1);
}
const options = ['--access', 'public', '--provenance', '--loglevel=error', ...(isDry ? ['--dry-run'] : [])];
npm('publish', stage({ private: undefined, repository: repository() }), ...options);
process.stdout.write(
  isDry
    ? `${version} can be released: tag the commit with v${version}, and run this in CI without --dry-run.\n`
    : `${version} is published. Push the tag v${version}, and build the image: docs/operation.md says how.\n`,
);

/** The pages and the lockfile must be about this version. */
function versionFaults() {
  const [, newest] = /^## (\S+)/m.exec(read('CHANGELOG.md')) ?? [];
  const found = [];
  if (newest !== version) found.push(`CHANGELOG.md begins with ${newest}: name it ${version}, or change package.json`);
  if (JSON.parse(read('package-lock.json')).version !== version) found.push('package-lock.json: run npm install');
  if (!read('docs/upgrades.md').includes(` to ${version}\n`)) found.push(`docs/upgrades.md says nothing of ${version}`);
  if (!read('docs/agents.md').includes(`rookery-${version}.tgz`)) found.push('docs/agents.md names another package');
  return found;
}

/** The package must be that of a commit. */
function treeFaults() {
  const { status, stdout } = spawnSync('git', ['status', '--porcelain'], { cwd: ROOT, encoding: 'utf8' });
  if (status !== 0) return ['this is not a clone of git'];
  return stdout === '' ? [] : ['there are changes that are not committed: git status'];
}

/** npm compares it with the repository of the job. */
function repository() {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
  return name ? { type: 'git', url: `git+${server}/${name}.git` } : undefined;
}

function identityFaults() {
  if (IDENTITIES.some((name) => process.env[name])) return [];
  return ['npm cannot prove where it was built: run this in CI with an identity, such as id-token: write of GitHub'];
}
