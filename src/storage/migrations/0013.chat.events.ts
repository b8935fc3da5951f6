import type { Kysely } from 'kysely';

/** Marks the chats whose events are stored. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('has_events', 'integer').execute();
}
