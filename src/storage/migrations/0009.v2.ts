import type { Kysely } from 'kysely';

/** What version 2 of the API adds: images in messages, and what callers note of their runs. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('messages').addColumn('parts', 'text').execute();
  await db.schema.alterTable('runs').addColumn('metadata', 'text').execute();
}
