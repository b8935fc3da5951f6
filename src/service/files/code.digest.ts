import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const CODE = /\.(?:[cm]?js|json)$/;

/**
 * The digest of all code in a folder: modules, what they import there, and the versions of packages. Any change of it
 * changes the agents in code, since it does not follow imports.
 */
export async function codeDigest(folder: string): Promise<string> {
  const hash = createHash('sha256');
  for (const path of await codeIn(folder, '')) {
    const content = await readFile(join(folder, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** The paths of the files with code, without hidden ones and those of packages. */
async function codeIn(folder: string, parent: string): Promise<string[]> {
  const entries = await readdir(join(folder, parent), { withFileTypes: true });
  const paths: string[] = [];
  for (const entry of entries.toSorted((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = join(parent, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) paths.push(...(await codeIn(folder, path)));
    else if (CODE.test(entry.name)) paths.push(path);
  }
  return paths;
}
