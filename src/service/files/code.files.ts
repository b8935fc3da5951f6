import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Modules may import each of these. Node strips the types of TypeScript. */
const CODE = /(?<!\.d)\.(?:[cm]?[jt]s|json|wasm|node)$/;

/** The files with code in a folder. All paths are relative to it. */
export interface CodeFiles {
  readonly files: readonly string[];
  /** The folders in it that have files. */
  readonly folders: readonly string[];
}

/**
 * Finds the code in a folder and the folders in it, without hidden ones and those of packages. It follows links.
 *
 * @throws Error that names a folder that cannot be read.
 */
export async function codeIn(folder: string): Promise<CodeFiles> {
  const files: string[] = [];
  const folders: string[] = [];
  // A link may lead to a folder around it.
  const seen = new Set([await realpath(folder)]);
  await walk('');
  return { files, folders };

  async function walk(parent: string): Promise<void> {
    for (const name of await namesIn(join(folder, parent))) {
      if (name.startsWith('.') || name === 'node_modules') continue;
      const path = join(parent, name);
      const found = await stat(join(folder, path)).catch(absent);
      if (found?.isDirectory()) {
        const target = await realpath(join(folder, path));
        if (seen.has(target)) continue;
        seen.add(target);
        folders.push(path);
        await walk(path);
      } else if (found?.isFile() && CODE.test(name)) files.push(path);
    }
  }
}

async function namesIn(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${folder} cannot be read: ${reason}. Make it a readable folder, or remove it`, { cause });
  });
  return names.toSorted();
}

/** A link may lead to nothing. @throws any other failure. */
function absent(cause: unknown): undefined {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
  throw cause;
}
