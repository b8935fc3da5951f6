import type { Kysely } from 'kysely';

/** Stores facts that no event has yet. The database erases them with their runs, so older replicas do so too. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('early_facts')
    .addColumn('run_id', 'text', (column) => column.notNull().references('runs.run_id').onDelete('cascade'))
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('part', 'integer', (column) => column.notNull())
    .addColumn('last_part', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('early_facts_pkey', ['run_id', 'sequence', 'part'])
    .execute();
}
