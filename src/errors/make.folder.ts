import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Creates a folder and the missing ones around it, with the given permissions. An existing folder stays as it is. The
 * recursive `mkdirSync` of Node never returns under /proc: each try there says that a folder is missing.
 *
 * @param mode default: what the mask of the process leaves of 777.
 * @throws Error of the system with the path that cannot be created.
 */
export function makeFolder(folder: string, mode?: number): void {
  const parent = dirname(folder);
  if (!existsSync(parent)) makeFolder(parent, mode);
  try {
    mkdirSync(folder, { mode });
  } catch (cause) {
    // Another process may have created it meanwhile.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw cause;
  }
}
