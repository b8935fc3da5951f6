import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeIn } from './code.files.js';

const WRITABLE_BY_OTHERS = 0o002;
/** In a folder with this bit, only its owner replaces a file. */
const STICKY = 0o1000;

/**
 * Says which folders, and which code below them, others may write. It would run with the rights of the service.
 *
 * @param folder a folder without links. The files that lie directly in it are checked when they are read.
 * @param names these files, which may be links.
 * @throws Error that names a folder that cannot be read.
 */
export async function openPlaces(folder: string, names: readonly string[]): Promise<string[]> {
  const faults = (await isOpen(folder)) ? [`the folder ${openFault(folder)}`] : [];
  for (const parent of parentsOf(folder)) {
    if ((await isOpen(parent)) && !(await isSticky(parent))) {
      faults.push(`${parent}, a folder around it, ${openFault(parent)}`);
    }
  }
  const { files, folders } = await codeIn(folder);
  for (const path of [...folders, ...files.filter((each) => !names.includes(each)), 'node_modules']) {
    if (await isOpen(join(folder, path))) faults.push(`${path}: it ${openFault(join(folder, path))}`);
  }
  for (const path of new Set([...names, ...files])) {
    const target = await targetFolder(join(folder, path));
    if (target !== undefined && (await isOpen(target))) {
      faults.push(`${path}: it is a link into ${target}, which ${openFault(target)}`);
    }
  }
  return faults;
}

/** Whether others may write it. A read-only mount may look as if they could. */
export async function isOpen(path: string): Promise<boolean> {
  // Windows has other rights, which Node does not show.
  if (process.platform === 'win32') return false;
  const mode = await modeOf(path);
  if (mode === undefined || (mode & WRITABLE_BY_OTHERS) === 0) return false;
  return await access(path, constants.W_OK).then(
    () => true,
    (cause: unknown) => !(cause instanceof Error && 'code' in cause && cause.code === 'EROFS'),
  );
}

export function openFault(path: string): string {
  return `can be written by others: chmod o-w ${path}`;
}

function parentsOf(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [] : [parent, ...parentsOf(parent)];
}

async function isSticky(folder: string): Promise<boolean> {
  return (((await modeOf(folder)) ?? 0) & STICKY) !== 0;
}

/** The folder of the file that a link leads to; undefined: it is the folder of the path itself. */
async function targetFolder(path: string): Promise<string | undefined> {
  const target = await realpath(path).catch(absent);
  if (target === undefined) return undefined;
  const folder = dirname(target);
  return folder === (await realpath(dirname(path))) ? undefined : folder;
}

async function modeOf(path: string): Promise<number | undefined> {
  return (await stat(path).catch(absent))?.mode;
}

/** Others say that a file is missing. @throws any other failure. */
function absent(cause: unknown): undefined {
  if (cause instanceof Error && 'code' in cause && (cause.code === 'ENOENT' || cause.code === 'EACCES'))
    return undefined;
  throw cause;
}
