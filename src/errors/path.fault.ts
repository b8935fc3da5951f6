import { resolve } from 'node:path';

/** Says why a file or folder cannot be used, with its absolute path: `the folder /srv/agents does not exist`. */
export function pathFault(kind: 'file' | 'folder', path: string, cause: unknown): string {
  const place = resolve(path);
  switch (cause instanceof Error && 'code' in cause ? cause.code : undefined) {
    case 'ENOENT':
      return `the ${kind} ${place} does not exist`;
    case 'ENOTDIR':
      return kind === 'folder' ? `${place} is not a folder` : `a part of the path ${place} is not a folder`;
    case 'EISDIR':
      return `${place} is a folder, not a file`;
    case 'EACCES':
    case 'EPERM':
      return `the user of this process may not use the ${kind} ${place}`;
    default:
      return `the ${kind} ${place} cannot be used: ${cause instanceof Error ? cause.message : String(cause)}`;
  }
}
