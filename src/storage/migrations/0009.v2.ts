import type { Kysely } from 'kysely';

/** Additions for version 2 of the API: images in messages, and metadata of runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('messages').addColumn('parts', 'text').execute();
  await db.schema.alterTable('runs').addColumn('metadata', 'text').execute();
}
