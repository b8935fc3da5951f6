import { type Kysely, sql } from 'kysely';

/**
 * Keeps the webhooks that were delivered or given up. They have a table of their own: replicas of the release before
 * would post all rows of `webhooks` again.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await createDeliveries(db);
  await db.schema.alterTable('webhooks').addColumn('task_id', 'text').execute();
  await db.schema.alterTable('webhooks').addColumn('last_tried_at', 'bigint').execute();
  await db.schema.alterTable('webhooks').addColumn('last_error', 'text').execute();
  await indexWebhooks(db);
}

async function createDeliveries(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('webhook_deliveries')
    .addColumn('run_id', 'text', (column) => column.primaryKey())
    .addColumn('task_id', 'text')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('end_user', 'text')
    .addColumn('url', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempts', 'integer', (column) => column.notNull())
    .addColumn('first_tried_at', 'bigint', (column) => column.notNull())
    .addColumn('last_tried_at', 'bigint', (column) => column.notNull())
    .addColumn('last_error', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint', (column) => column.notNull())
    .execute();
  const index = (name: string, columns: string[]) =>
    db.schema.createIndex(`webhook_deliveries_by_${name}`).on('webhook_deliveries').columns(columns);
  await index('age', ['created_at']).execute();
  await index('session', ['tenant', 'session_id']).execute();
  await index('status', ['tenant', 'status', 'created_at', 'run_id']).execute();
  await index('end_user', ['tenant', 'end_user', 'status', 'created_at', 'run_id'])
    .where(sql.ref('end_user'), 'is not', null)
    .execute();
}

async function indexWebhooks(db: Kysely<unknown>): Promise<void> {
  const index = (name: string, columns: string[]) =>
    db.schema.createIndex(name).ifNotExists().on('webhooks').columns(columns);
  await index('webhooks_due', ['tenant', 'next_at', 'host']).execute();
  await index('webhooks_by_tenant', ['tenant', 'created_at', 'run_id']).execute();
  // Planners would take it for the webhooks of one tenant. Replicas of the release before scan the small table.
  await db.schema.dropIndex('webhooks_by_time').ifExists().execute();
}
