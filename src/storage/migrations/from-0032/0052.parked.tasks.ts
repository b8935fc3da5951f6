import { type Kysely, sql } from 'kysely';

/** Lets replicas look for parked tasks every second: the index has no others. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('runs_parked')
    // An operator may have created it already, without a lock.
    .ifNotExists()
    .on('runs')
    .column('run_id')
    .where(sql.ref('status'), '=', sql.lit('queued'))
    .where(sql.ref('not_before'), '=', sql.lit(8_640_000_000_000_000))
    .execute();
}
