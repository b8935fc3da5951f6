import type { Kysely } from 'kysely';

/** The choice of due webhooks by tenant. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('webhooks').addColumn('last_tried_at', 'bigint').execute();
  await db.schema.alterTable('webhooks').addColumn('last_error', 'text').execute();
  await db.schema
    .createIndex('webhooks_by_tenant')
    .ifNotExists()
    .on('webhooks')
    .columns(['tenant', 'next_at', 'host'])
    .execute();
  // Planners would take it for the webhooks of one tenant. Replicas of the release before scan the small table.
  await db.schema.dropIndex('webhooks_by_time').ifExists().execute();
}
