import type { Kysely } from 'kysely';

/** The releases of the agents of a run. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('release', 'text').execute();
  await db.schema.alterTable('runs').addColumn('releases', 'text').execute();
}
