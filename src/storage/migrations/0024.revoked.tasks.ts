import { type Kysely, sql } from 'kysely';

/**
 * Stores which revoked keys have kept their tasks, and whose runs still have to be ended. Tasks of keys that were revoked
 * earlier go on. A key that a replica of the release before revokes has null in both columns: its tasks are cancelled.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('api_keys').addColumn('tasks_kept', 'integer').execute();
  await db.schema.alterTable('api_keys').addColumn('runs_ended_at', 'bigint').execute();
  await sql`update api_keys set tasks_kept = 1, runs_ended_at = revoked_at where revoked_at is not null`.execute(db);
  // It has only the keys of the last minutes.
  await db.schema
    .createIndex('api_keys_ending')
    .on('api_keys')
    .column('key_id')
    .where(sql.ref('revoked_at'), 'is not', null)
    .where(sql.ref('runs_ended_at'), 'is', null)
    .execute();
}
