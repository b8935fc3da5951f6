import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { DatabaseUnavailableError } from './database.unavailable.js';
import { MIGRATIONS } from './migrations/index.js';
import type { Schema } from './schema.js';

/** Migrates the tables to this version. @throws Error if a newer version wrote them. */
export async function migrate(db: Kysely<Schema>): Promise<void> {
  // A transaction would wait for other writers of an SQLite file, although nothing is to be migrated.
  const disableTransactions = await isCurrent(db);
  const { error: cause } = await migratorOf(db).migrateToLatest({ disableTransactions });
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

/** Whether all migrations have run. */
export async function isCurrent(db: Kysely<Schema>): Promise<boolean> {
  const migrations = await migratorOf(db).getMigrations();
  return migrations.every(({ executedAt }) => executedAt !== undefined);
}

function migratorOf(db: Kysely<Schema>): Migrator {
  return new Migrator({ db, provider: { getMigrations: () => Promise.resolve(MIGRATIONS) } });
}
