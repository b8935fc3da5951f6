import { readFileSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, resolve } from 'node:path';
import { pathFault } from '../../errors/path.fault.js';
import { parseManifest } from '../manifest.js';
import { type Finding, found } from './finding.js';

const NEST = '@nestjs/core';
const MIN_NEST = [12, 5] as const;

/** Checks the packages of an application that imports Rookery. */
export function checkPackages(folder: string): Finding[] {
  const manifest = resolve(folder, 'package.json');
  try {
    readFileSync(manifest);
  } catch (cause) {
    const advice = 'Name the folder of your application: rookery doctor FOLDER';
    return [found('fault', 'Packages', `No application: ${pathFault('file', manifest, cause)}.`, advice)];
  }
  const application = createRequire(manifest);
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
  const missing = missingPeers(folder, new URL('../../../package.json', import.meta.url));
  if (missing.length > 0) {
    findings.push(found('fault', 'Packages', `${missing.join(', ')} is missing.`, `npm install ${missing.join(' ')}`));
  }
  return findings;
}

/** The packages that Rookery shares with an application and that are not there. npm installs them with Rookery. */
export function missingPeers(folder: string, manifest: string | URL): string[] {
  const application = createRequire(resolve(folder, 'package.json'));
  return parseManifest(readFileSync(manifest, 'utf8')).peers.filter((name) => !isThere(application, name));
}

/** The manifest of the Rookery that an application has installed. */
export function installedManifest(folder: string): string | undefined {
  try {
    const entry = createRequire(resolve(folder, 'package.json')).resolve('rookery');
    return resolve(dirname(entry), '../package.json');
  } catch {
    return undefined;
  }
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
