import { type Kysely, sql } from 'kysely';

/** The API keys of callers, and the end users that runs and sessions belong to. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('sessions').addColumn('end_user', 'text').execute();
  await db.schema.alterTable('runs').addColumn('end_user', 'text').execute();
  await db.schema.alterTable('runs').addColumn('scopes', 'text').execute();
  // Only rows with an end user are in these indexes: other rows cost no more than before.
  await db.schema
    .createIndex('sessions_by_end_user')
    .on('sessions')
    .columns(['tenant', 'end_user', 'updated_at', 'session_id'])
    .where(sql.ref('end_user'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('runs_by_end_user')
    .on('runs')
    .columns(['tenant', 'end_user'])
    .where(sql.ref('end_user'), 'is not', null)
    .execute();

  await db.schema
    .createTable('api_keys')
    .addColumn('key_id', 'text', (column) => column.primaryKey())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('previous_hash', 'text')
    .addColumn('previous_until', 'bigint')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('scopes', 'text', (column) => column.notNull())
    .addColumn('requests_per_minute', 'integer')
    .addColumn('tokens_per_month', 'bigint')
    .addColumn('expires_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .addColumn('last_used_at', 'bigint')
    .execute();
  await db.schema.createIndex('api_keys_by_age').on('api_keys').columns(['created_at', 'key_id']).execute();
}
