import type { Kysely } from 'kysely';

/** Stores who may decide on an approval. Older replicas leave the column null and do not read it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('approvals').addColumn('decider', 'text').execute();
}
