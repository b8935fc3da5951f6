// Loads the script with the bundled modules. A build copies this file beside the script. V8 takes the code that it has
// compiled during the build, which a module of ECMAScript could not have; it ignores the code of another version.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { Script } from 'node:vm';

const FOLDER = import.meta.dirname;
const SCRIPT = join(FOLDER, 'modules.cjs');

/** The build adds nothing but ASCII. */
export const script = new Script(readFileSync(SCRIPT, 'latin1'), {
  filename: SCRIPT,
  cachedData: compiled(),
});

const cjs = { exports: {} };
script.runInThisContext()(cjs.exports, createRequire(import.meta.url), cjs, SCRIPT, FOLDER, import.meta.url);

/** Each evaluates a module on its first call, and returns its exports. */
export const modules = cjs.exports;

function compiled() {
  try {
    return readFileSync(join(FOLDER, 'modules.cache'));
  } catch {
    return undefined;
  }
}
