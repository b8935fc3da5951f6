import type { Kysely } from 'kysely';

/** Stores the answers of tasks apart from the results of their tools, which are long. Older replicas do not write it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('response', 'text').execute();
}
