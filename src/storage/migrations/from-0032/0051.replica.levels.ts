import type { Kysely } from 'kysely';

/** Stores what each replica can read. Older replicas have null. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('replicas').addColumn('level', 'integer').execute();
}
