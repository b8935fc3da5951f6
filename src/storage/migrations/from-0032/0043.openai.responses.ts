import type { Kysely } from 'kysely';

/** Stores the requests of responses. The database erases them with their runs, so older replicas do so too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('openai_responses')
    .addColumn('run_id', 'text', (column) => column.primaryKey().references('runs.run_id').onDelete('cascade'))
    .addColumn('echo', 'text', (column) => column.notNull())
    .addColumn('input', 'text', (column) => column.notNull())
    .execute();
}
