import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { parseManifest } from '../manifest.js';
import { type Finding, found } from './finding.js';

const NEST = '@nestjs/core';
const MIN_NEST = [12, 5] as const;

/** Checks the packages of an application that imports Rookery. */
export function checkPackages(folder: string): Finding[] {
  const application = createRequire(resolve(folder, 'package.json'));
  const nest = copyOf(application);
  if (nest === undefined) {
    return [found('fault', 'Nest', `${folder} has no ${NEST}.`, `npm install @nestjs/common@12 ${NEST}@12`)];
  }
  const [major = 0, minor = 0] = nest.version.split('.').map(Number);
  const isOld = major < MIN_NEST[0] || (major === MIN_NEST[0] && minor < MIN_NEST[1]);
  const findings = [
    isOld
      ? found('fault', 'Nest', `${nest.version} is too old.`, `npm install @nestjs/common@12 ${NEST}@12`)
      : found('ok', 'Nest', nest.version),
  ];
  const own = copyOf(createRequire(import.meta.url));
  if (own !== undefined && own.path !== nest.path) {
    const advice = `Install the packed rookery-….tgz, not its folder. npm ls ${NEST} lists the copies.`;
    findings.push(found('fault', 'Nest', `There are two copies: ${nest.path} and ${own.path}.`, advice));
  }
  const { peers } = parseManifest(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  const missing = peers.filter((name) => !isThere(application, name));
  if (missing.length > 0) {
    findings.push(found('fault', 'Packages', `${missing.join(', ')} is missing.`, `npm install ${missing.join(' ')}`));
  }
  return findings;
}

function copyOf(from: NodeJS.Require): { readonly version: string; readonly path: string } | undefined {
  try {
    const path = realpathSync(from.resolve(`${NEST}/package.json`));
    return { version: parseManifest(readFileSync(path, 'utf8')).version, path };
  } catch {
    return undefined;
  }
}

function isThere(from: NodeJS.Require, name: string): boolean {
  try {
    from.resolve(name);
    return true;
  } catch (failure) {
    // A package for ES modules alone is there.
    return failure instanceof Error && 'code' in failure && failure.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED';
  }
}
