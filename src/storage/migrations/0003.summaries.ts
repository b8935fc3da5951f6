import type { Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('summaries')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('until_position', 'integer', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('summaries_pk', ['tenant', 'session_id'])
    // A summary that is written while its session is being erased must not outlive it.
    .addForeignKeyConstraint(
      'summaries_of_session',
      ['tenant', 'session_id'],
      'sessions',
      ['tenant', 'session_id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
}
