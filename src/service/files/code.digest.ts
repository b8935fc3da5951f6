import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeIn } from './code.files.js';

/**
 * The digest of all code in a folder: modules, what they import there, and the versions of packages. Any change of it
 * changes the agents in code, since it does not follow imports.
 *
 * @throws Error that names a folder that cannot be read.
 */
export async function codeDigest(folder: string): Promise<string> {
  const hash = createHash('sha256');
  const { files } = await codeIn(folder);
  for (const path of files) {
    const content = await readFile(join(folder, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
