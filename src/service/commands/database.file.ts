import { access } from 'node:fs/promises';
import { pathFault } from '../../errors/path.fault.js';

/** The path of an SQLite file; undefined: the URL names PostgreSQL. */
export function databaseFile(databaseUrl: string): string | undefined {
  return databaseUrl.startsWith('file:') ? databaseUrl.slice('file:'.length) : undefined;
}

/** @throws Error if the file of the database does not exist: opening a mistyped one would create it. */
export async function requireDatabase(databaseUrl: string): Promise<void> {
  const file = databaseFile(databaseUrl);
  if (file === undefined) return;
  await access(file).catch((cause: unknown) => {
    const advice = 'Correct DATABASE_URL. The first start creates the file.';
    throw new Error(`No database: ${pathFault('file', file, cause)}. ${advice}`, { cause });
  });
}
