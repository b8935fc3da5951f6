import { realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import util from 'node:util';

const NEST = '@nestjs/core';
const FOLDER = join(dirname(fileURLToPath(import.meta.url)), '..', sep);
/** Its file calls ours. */
const COMMON = `${sep}@nestjs${sep}common${sep}`;
const MAX_FRAMES = 20;

/**
 * Checks that the application that calls this uses our copy of Nest. Another copy does not find the providers that we
 * inject, and names only the first of them.
 *
 * @throws Error that says how to install Rookery.
 */
export function requireSameNest(): void {
  const caller = callingFile();
  const [own, other] = [copyFor(import.meta.url), caller && copyFor(caller)];
  if (own === undefined || other === undefined || own === other) return;
  throw new Error(
    `There are two copies of Nest: the application uses ${other}, and Rookery uses ${own}. Do not install the folder ` +
      'of Rookery: run `npm run pack` in it, and install the rookery-….tgz that it makes. As a workspace, Rookery needs ' +
      `the application's version of Nest. \`npm ls ${NEST}\` lists the copies.`,
  );
}

/** The first file on the stack that is not ours. */
function callingFile(): string | undefined {
  const files = util
    .getCallSites(MAX_FRAMES)
    .map(({ scriptName }) => (scriptName.startsWith('file:') ? fileURLToPath(scriptName) : scriptName));
  return files.find((file) => file.includes(sep) && !file.startsWith(FOLDER) && !file.includes(COMMON));
}

/** The folder of Nest for that file, or undefined if it has none. */
function copyFor(file: string): string | undefined {
  try {
    return dirname(realpathSync(createRequire(file).resolve(NEST)));
  } catch {
    return undefined;
  }
}
