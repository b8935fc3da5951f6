import { type Kysely, sql } from 'kysely';

/**
 * Stores the answers of tasks apart from the results of their tools, which are long. Older replicas do not write it. An
 * index finds the audit entries about an end user.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('audit_entries_by_subject')
    .ifNotExists()
    .on('audit_entries')
    .columns(['subject', 'sequence'])
    .where(sql.ref('subject'), 'is not', null)
    .execute();
  await db.schema.alterTable('runs').addColumn('response', 'text').execute();
}
