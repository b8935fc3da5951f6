import type { Kysely } from 'kysely';

/** Retries of tasks within a run, and by a new run that continues from the journal of an earlier one. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('not_before', 'bigint').execute();
  await db.schema.alterTable('runs').addColumn('failures', 'integer').execute();
  await db.schema.alterTable('runs').addColumn('has_effects', 'integer').execute();
  await db.schema.alterTable('runs').addColumn('effect_key', 'text').execute();
  await db.schema.alterTable('runs').addColumn('retry_of', 'text').execute();
  await db.schema.alterTable('steps').addColumn('inherited', 'integer').execute();
}
