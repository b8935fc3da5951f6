import type { Kysely } from 'kysely';

/** Stores the calls of a session that wait for results of the caller. Older replicas leave the column as it is. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('open_calls', 'text').execute();
}
