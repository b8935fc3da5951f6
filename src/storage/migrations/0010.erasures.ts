import type { Kysely } from 'kysely';

/** Erasures whose data the log of the SQLite file may still hold. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('pending_erasures')
    .addColumn('target', 'text', (column) => column.primaryKey())
    .addColumn('owner', 'text')
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
}
