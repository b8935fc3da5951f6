import type { Kysely } from 'kysely';

/**
 * Stores from which sessions a forked one has inherited messages. The database erases these rows, so that older replicas
 * erase sessions as well. They show a fork without the messages that it has inherited.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('inherited_count', 'integer').execute();
  await db.schema
    .createTable('session_sources')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('source_id', 'text', (column) => column.notNull())
    .addColumn('after_id', 'text')
    .addColumn('from_position', 'integer', (column) => column.notNull())
    .addColumn('until_position', 'integer', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('summary', 'text')
    .addColumn('summary_until', 'integer')
    .addPrimaryKeyConstraint('session_sources_pk', ['tenant', 'session_id', 'source_id'])
    .addForeignKeyConstraint(
      'session_sources_of_fork',
      ['tenant', 'session_id'],
      'sessions',
      ['tenant', 'session_id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'session_sources_of_source',
      ['tenant', 'source_id'],
      'sessions',
      ['tenant', 'session_id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .addForeignKeyConstraint(
      'session_sources_in_order',
      ['tenant', 'session_id', 'after_id'],
      'session_sources',
      ['tenant', 'session_id', 'source_id'],
      (constraint) => constraint.onDelete('cascade'),
    )
    .execute();
  await db.schema
    .createIndex('session_sources_by_source')
    .on('session_sources')
    .columns(['tenant', 'source_id'])
    .execute();
}
