import { type Kysely, sql } from 'kysely';
import { Migrator } from 'kysely/migration';
import { DatabaseUnavailableError } from './database.unavailable.js';
import { MIGRATIONS } from './migrations/index.js';
import type { Schema } from './schema.js';

const NAMES = Object.keys(MIGRATIONS);

/** Migrates the tables to this version. @throws Error if a newer version wrote them. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  const age = await tablesAge(db);
  if (age === 'current') return;
  const migrator = new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
  // A transaction would wait for other writers of an SQLite file, although the migrator only refuses newer tables.
  const { error: cause } = await migrator.migrateToLatest({ disableTransactions: age === 'newer' });
  if (cause === undefined) return;
  if (cause instanceof DatabaseUnavailableError) throw cause;
  const isNewer = cause instanceof Error && cause.message.includes('previously executed migration');
  throw new Error(
    isNewer
      ? 'The database was written by a newer version. Start that version, or choose another DATABASE_URL.'
      : 'The tables could not be migrated.',
    { cause },
  );
}

/**
 * Compares the tables with those of this version. Kysely's migrator does so, too, but looks for its own table among all
 * others first, which takes 30 ms.
 */
export async function tablesAge(db: Kysely<Schema>): Promise<'older' | 'current' | 'newer'> {
  const executed = await executedNames(db);
  if (!NAMES.every((name) => executed.has(name))) return 'older';
  return executed.size === NAMES.length ? 'current' : 'newer';
}

/** Returns an empty set if the database is empty. */
async function executedNames(db: Kysely<Schema>): Promise<ReadonlySet<string>> {
  try {
    const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db);
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    if (error instanceof DatabaseUnavailableError) throw error;
    // The table is missing: the database is empty.
    return new Set();
  }
}
