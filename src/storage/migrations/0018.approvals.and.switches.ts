import { type Kysely, sql } from 'kysely';

/**
 * Lets approvals expire and lists those that wait, and stores the switches of operators. Older replicas leave the new
 * columns of an approval null.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  const approvals = db.schema.alterTable('approvals');
  await approvals.addColumn('tenant', 'text').execute();
  await approvals.addColumn('expires_from', 'bigint').execute();
  await approvals.addColumn('announced_at', 'bigint').execute();
  await closeOld(db);
  await indexWaiting(db);
  await db.schema
    .createTable('switches')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('stopped_by', 'text', (column) => column.notNull())
    .addColumn('stopped_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('switches_pk', ['kind', 'name'])
    .execute();
}

/** Nobody can decide for runs that are over. The time of the other approvals counts from now. */
async function closeOld(db: Kysely<unknown>): Promise<void> {
  await sql`update approvals set decided_at = created_at where decided_at is null
    and not exists (select 1 from runs where runs.run_id = approvals.run_id and runs.finished_at is null)`.execute(db);
  const now = Date.now();
  await sql`update approvals set expires_from = ${now}, announced_at = ${now},
    tenant = (select tenant from runs where runs.run_id = approvals.run_id)
    where decided_at is null`.execute(db);
}

/** The index has only approvals that wait, so the search for expired ones reads all of it. */
async function indexWaiting(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('approvals_waiting')
    .on('approvals')
    .columns(['tenant', 'created_at', 'approval_id'])
    .where(sql.ref('decided_at'), 'is', null)
    .execute();
}
