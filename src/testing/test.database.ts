import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database } from '../storage/database.js';

/** An SQLite file for tests, in a folder of its own. */
export interface TestFile {
  readonly databaseUrl: string;
  /** Removes it. */
  readonly drop: () => Promise<void>;
}

/** The content of a file with all tables. */
let migrated: Promise<Buffer> | undefined;

/**
 * Creates a file with all tables. Only the first one of a process is migrated: a copy takes a fourth of the time.
 *
 * @param purpose part of its name.
 */
export async function createMigratedFile(purpose: string): Promise<TestFile> {
  migrated ??= migratedContent();
  const file = await createFolder(purpose);
  await writeFile(pathIn(file.folder), await migrated, { mode: 0o600 });
  return file;
}

async function migratedContent(): Promise<Buffer> {
  const { folder, databaseUrl, drop } = await createFolder('template');
  try {
    const database = await Database.open(databaseUrl);
    await database.onApplicationShutdown();
    return await readFile(pathIn(folder));
  } finally {
    await drop();
  }
}

async function createFolder(purpose: string): Promise<TestFile & { folder: string }> {
  const folder = await mkdtemp(join(tmpdir(), `rookery-${purpose}-`));
  return { folder, databaseUrl: `file:${pathIn(folder)}`, drop: () => rm(folder, { recursive: true }) };
}

const pathIn = (folder: string): string => join(folder, 'rookery.db');
