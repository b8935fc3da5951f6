import { randomUUID } from 'node:crypto';
import { access, chmod, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pathFault } from '../../errors/path.fault.js';
import { readEnvironment } from '../settings/environment.reader.js';
import { databaseFile, requireDatabase } from './database.file.js';

/** Only the user may read a copy, as the file itself. */
const MODE = 0o600;
const TIMEOUT_MS = 30_000;

/**
 * Copies the database of the settings into a new file. The service may be running.
 *
 * @param file default: a name with the time, in this folder.
 * @returns a sentence about the copy.
 * @throws Error with the command for PostgreSQL, which has its own; or if the file exists, or cannot be written.
 */
export async function backUp(file: string | undefined, variables: NodeJS.ProcessEnv, now: Date): Promise<string> {
  const { DATABASE_URL } = readEnvironment(variables, { areFilesRead: false });
  const target = file ?? `rookery-${now.toISOString().slice(0, 19).replaceAll(':', '-')}.db`;
  const source = databaseFile(DATABASE_URL);
  if (source === undefined) throw new Error(commandForPostgres(target));
  await requireFolder(dirname(target));
  await requireAbsent(target);
  await requireDatabase(DATABASE_URL);
  // Nobody may take an unfinished copy for a whole one.
  const part = `${target}.${randomUUID()}.part`;
  try {
    copy(source, part);
    await chmod(part, MODE);
    await flush(part);
    await rename(part, target);
  } finally {
    await rm(part, { force: true });
  }
  const { size } = await stat(target);
  return `${target} has the data of ${source}: ${size} bytes, checked. docs/operation.md says how to restore it.`;
}

/** Everyone on the machine can read arguments, so they may not have the password. */
function commandForPostgres(target: string): string {
  return [
    'PostgreSQL has a command of its own, which this one does not replace:',
    `  pg_dump --format=custom --file=${target.replace(/\.db$/, '.dump')} --dbname=service=rookery`,
    'Put the connection of DATABASE_URL into [rookery] of ~/.pg_service.conf, and the password into ~/.pgpass.',
  ].join('\n');
}

/** Everything that was committed when it begins. The service goes on. */
function copy(source: string, target: string): void {
  const mask = process.umask(0o077);
  try {
    const database = new DatabaseSync(source, { readOnly: true, timeout: TIMEOUT_MS });
    try {
      database.prepare('vacuum into ?').run(target);
    } finally {
      database.close();
    }
    check(target);
  } finally {
    process.umask(mask);
  }
}

/** @throws Error if the copy is damaged, as a damaged disk makes it. */
function check(file: string): void {
  const database = new DatabaseSync(file, { readOnly: true });
  try {
    const [row] = database.prepare('pragma quick_check(1)').all();
    const verdict = row?.['quick_check'];
    if (verdict !== 'ok') throw new Error(`The copy is damaged: ${String(verdict)}. Restore an earlier one.`);
  } finally {
    database.close();
  }
}

async function flush(file: string): Promise<void> {
  const handle = await open(file, 'r+');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function requireAbsent(target: string): Promise<void> {
  if ((await stat(target).catch(absent)) !== undefined) {
    throw new Error(`${target} exists already. Name a new file.`);
  }
}

async function requireFolder(folder: string): Promise<void> {
  // The dot refuses a file.
  await access(`${folder}/.`).catch((cause: unknown) => {
    throw new Error(`No copy: ${pathFault('folder', folder, cause)}. Create it, or name another file.`, { cause });
  });
}

function absent(cause: unknown): undefined {
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
  throw cause;
}
