import type { Kysely } from 'kysely';

/**
 * Stores when the turns and tool calls of runs began and ended. Older replicas write neither, so all columns may be
 * null.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('steps').addColumn('started_at', 'bigint').execute();
  await db.schema.alterTable('steps').addColumn('finished_at', 'bigint').execute();
  await db.schema.alterTable('steps').addColumn('tries', 'integer').execute();
  await db.schema.alterTable('runs').addColumn('timeline', 'text').execute();
}
