import { type Kysely, sql } from 'kysely';

/**
 * Lists runs by time, and stores when their turns and tool calls began and ended. Older replicas write no times, so
 * these columns may be null.
 *
 * PostgreSQL locks writes to a table while it builds an index, and readers while it changes columns. So the indexes
 * come first. An operator may have created them already, without a lock.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await indexPagesOfRuns(db);
  await db.schema.alterTable('steps').addColumn('started_at', 'bigint').execute();
  await db.schema.alterTable('steps').addColumn('finished_at', 'bigint').execute();
  await db.schema.alterTable('steps').addColumn('tries', 'integer').execute();
  await db.schema.alterTable('runs').addColumn('timeline', 'text').execute();
}

/**
 * One index is new. Two replace those that had no time, so these cost an insert no further index. All but that of
 * sessions serve only statements that repeat their condition, which each owner fulfils. SQLite would else prefer them to
 * the smaller indexes of tasks.
 */
async function indexPagesOfRuns(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('runs_of_tenant')
    .ifNotExists()
    .on('runs')
    .columns(['tenant', 'created_at'])
    .where(sql.ref('kind'), '<>', sql.lit(''))
    .execute();
  await db.schema
    .createIndex('runs_of_session')
    .ifNotExists()
    .on('runs')
    .columns(['tenant', 'session_id', 'created_at'])
    .execute();
  await db.schema
    .createIndex('runs_of_end_user')
    .ifNotExists()
    .on('runs')
    .columns(['tenant', 'end_user', 'created_at'])
    .where(sql.ref('end_user'), '<>', sql.lit(''))
    .execute();
  await db.schema.dropIndex('runs_by_session').ifExists().execute();
  await db.schema.dropIndex('runs_by_end_user').ifExists().execute();
}
