import type { Kysely } from 'kysely';

/** Which releases of its agents a run has. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('release', 'text').execute();
  await db.schema.alterTable('runs').addColumn('releases', 'text').execute();
}
