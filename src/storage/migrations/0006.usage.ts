import type { Kysely } from 'kysely';

/** Usage and its costs, and budgets. Costs are in nano-dollars (1e-9 US dollars). */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['cached_tokens', 'reasoning_tokens', 'cost']) {
    await db.schema
      .alterTable('runs')
      .addColumn(column, 'bigint', (of) => of.notNull().defaultTo(0))
      .execute();
  }
  await db.schema.alterTable('api_keys').addColumn('cost_per_month', 'bigint').execute();

  // Each replica writes only its own rows: so replicas never wait for each other, in any order of rows.
  await db.schema
    .createTable('usage')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('caller', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('replica_id', 'text', (column) => column.notNull())
    .addColumn('runs', 'bigint', (column) => column.notNull())
    .addColumn('input_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cached_tokens', 'bigint', (column) => column.notNull())
    .addColumn('output_tokens', 'bigint', (column) => column.notNull())
    .addColumn('reasoning_tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('usage_key', ['tenant', 'day', 'caller', 'role', 'model', 'replica_id'])
    .execute();

  await db.schema
    .createTable('budgets')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('payer', 'text', (column) => column.notNull())
    .addColumn('month', 'text', (column) => column.notNull())
    .addColumn('tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost', 'bigint', (column) => column.notNull())
    .addColumn('warned_percent', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('budgets_key', ['tenant', 'payer', 'month'])
    .execute();

  await db.schema
    .createTable('reservations')
    .addColumn('reservation_id', 'text', (column) => column.notNull())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('payer', 'text', (column) => column.notNull())
    .addColumn('month', 'text', (column) => column.notNull())
    .addColumn('tokens', 'bigint', (column) => column.notNull())
    .addColumn('cost', 'bigint', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('reservations_key', ['reservation_id', 'payer'])
    .execute();
  await db.schema
    .createIndex('reservations_by_payer')
    .on('reservations')
    .columns(['tenant', 'payer', 'month'])
    .execute();
}
