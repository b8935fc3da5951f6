import type { Kysely } from 'kysely';

/** Stores the reasoning of messages, which outlives the events of its run. Older replicas leave the column as it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('messages').addColumn('reasoning', 'text').execute();
}
