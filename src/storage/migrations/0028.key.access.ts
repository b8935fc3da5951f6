import type { Kysely } from 'kysely';

/** Limits what a key may be used for. Older replicas leave the columns null, and do not apply the limits. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['end_user', 'agent_roles', 'models', 'ip_ranges']) {
    await db.schema.alterTable('api_keys').addColumn(column, 'text').execute();
  }
}
