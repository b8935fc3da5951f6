import type { Kysely } from 'kysely';

/** Stores the metadata of conversations. Older replicas leave the column as it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('metadata', 'text').execute();
}
