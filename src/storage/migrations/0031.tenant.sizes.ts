import type { Kysely } from 'kysely';

/** Stores how much data tenants have, for their quotas. Older replicas do not use it: measurements correct it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('tenant_sizes')
    .addColumn('tenant', 'text', (column) => column.primaryKey())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('measured_at', 'bigint')
    .addColumn('measured_ms', 'bigint')
    .addColumn('measuring_since', 'bigint')
    .execute();
}
