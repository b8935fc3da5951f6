import type { Kysely } from 'kysely';

/** Stores the data that providers expect back with their answers. Older replicas neither read nor write it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('messages').addColumn('provider_data', 'text').execute();
}
