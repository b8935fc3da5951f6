import { type Kysely, sql } from 'kysely';

/**
 * Stores whose a webhook and a waiting run are, and finds the retries of a task. The columns are null in rows of older
 * replicas.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('webhooks').addColumn('caller', 'text').execute();
  await db.schema.alterTable('webhook_deliveries').addColumn('caller', 'text').execute();
  await db.schema.alterTable('session_waiters').addColumn('end_user', 'text').execute();
  await db.schema
    .createIndex('runs_by_retry')
    .on('runs')
    .column('retry_of')
    .where(sql.ref('retry_of'), 'is not', null)
    .execute();
}
