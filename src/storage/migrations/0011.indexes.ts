import { type Kysely, sql, SqliteAdapter } from 'kysely';

/**
 * Indexes for queries that would otherwise read more rows the longer the service runs. An operator may have created
 * them already, without a lock. PostgreSQL locks writes to a table while it builds an index, so the largest table comes
 * last.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await indexSmallTables(db);
  await indexPagesOfTasks(db);
  await indexQueue(db);
  if (db.getExecutor().adapter instanceof SqliteAdapter) await indexEndsOnly(db);
}

/** For the hourly sweep, and for the keys of a tenant. */
async function indexSmallTables(db: Kysely<unknown>): Promise<void> {
  await db.schema.createIndex('webhooks_by_age').ifNotExists().on('webhooks').column('created_at').execute();
  // Few rows name a replica: those of today, and those of replicas that ended recently.
  await db.schema
    .createIndex('usage_of_replicas')
    .ifNotExists()
    .on('usage')
    .column('day')
    .where(sql.ref('replica_id'), '!=', sql.lit(''))
    .execute();
  await db.schema
    .createIndex('api_keys_by_tenant')
    .ifNotExists()
    .on('api_keys')
    .columns(['tenant', 'created_at', 'key_id'])
    .execute();
}

async function indexPagesOfTasks(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('runs_tasks_by_status')
    .ifNotExists()
    .on('runs')
    .columns(['tenant', 'status', 'created_at', 'run_id'])
    .where(sql.ref('kind'), '=', sql.lit('task'))
    .execute();
  await db.schema
    .createIndex('runs_tasks_by_end_user')
    .ifNotExists()
    .on('runs')
    .columns(['tenant', 'end_user', 'created_at', 'run_id'])
    .where(sql.ref('kind'), '=', sql.lit('task'))
    .where(sql.ref('end_user'), 'is not', null)
    .execute();
}

/** These indexes have only queued and running tasks, and no chats, so they stay small. */
async function indexQueue(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createIndex('runs_queue')
    .ifNotExists()
    .on('runs')
    // All columns that decide whether a task can be claimed, so that no row is read.
    .columns(['created_at', 'run_id', 'tenant', 'caller', 'session_id', 'holds_session', 'crashes'])
    .where(sql.ref('status'), '=', sql.lit('queued'))
    .execute();
  await db.schema
    .createIndex('runs_queue_by_caller')
    .ifNotExists()
    .on('runs')
    .columns(['tenant', 'caller', 'created_at', 'run_id'])
    .where(sql.ref('status'), '=', sql.lit('queued'))
    .execute();
  await db.schema
    .createIndex('runs_queue_by_session')
    .ifNotExists()
    .on('runs')
    .columns(['tenant', 'session_id', 'created_at', 'run_id'])
    .where(sql.ref('status'), '=', sql.lit('queued'))
    .execute();
  await db.schema
    .createIndex('runs_running_tasks')
    .ifNotExists()
    .on('runs')
    .columns(['tenant', 'caller'])
    .where(sql.ref('status'), '=', sql.lit('running'))
    .where(sql.ref('kind'), '=', sql.lit('task'))
    .execute();
}

/**
 * Excludes open runs from the index of ended runs. With statistics SQLite would search for them there, although all
 * have the same null. PostgreSQL counts nulls, and cannot drop the index without a lock against readers.
 */
async function indexEndsOnly(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropIndex('runs_by_end').execute();
  await db.schema
    .createIndex('runs_by_end')
    .on('runs')
    .columns(['finished_at'])
    .where(sql.ref('finished_at'), 'is not', null)
    .execute();
}
