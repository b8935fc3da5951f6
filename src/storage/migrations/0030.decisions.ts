import { type Kysely, sql } from 'kysely';

/** Finds the decisions of a caller for their erasure. Only decisions enter the index. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('approvals_by_decision')
    .on('approvals')
    .column('decided_by')
    .where(sql.ref('decided_by'), 'is not', null)
    .execute();
}
