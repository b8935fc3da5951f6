// Checks the lockfile: every package has a version and no address. npm omits versions if the registry lacks a
// platform's build, and `npm ci` then fails on a fresh clone. An address would tie the project to one registry.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));

/** Returns whether npm would resolve the dependency from the package's folder. */
function isListed(dependency, name) {
  const folders = name
    .split('/node_modules/')
    .map((_, index, parts) => parts.slice(0, index + 1).join('/node_modules/'));
  return ['', ...folders.map((folder) => `${folder}/`)].some(
    (folder) => `${folder}node_modules/${dependency}` in packages,
  );
}

function faultsOf([name, { version, resolved, optionalDependencies = {} }]) {
  const missing = Object.keys(optionalDependencies).filter((dependency) => !isListed(dependency, name));
  const faults = missing.map((dependency) => `${name}: its optional dependency ${dependency} is not listed`);
  if (!version) faults.push(`${name} has no version`);
  if (resolved) faults.push(`${name} has an address`);
  return faults;
}

const faults = Object.entries(packages)
  .filter(([name]) => name !== '')
  .flatMap(faultsOf);
for (const fault of faults) process.stderr.write(`package-lock.json: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;
