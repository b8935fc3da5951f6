import { type Kysely, sql } from 'kysely';

/** Stores the version of the agent of a task. Older replicas do not read it: they run every task whose agent they have. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('agent_version', 'text').execute();
  // It has only queued tasks of agents in files, so that one can look for those of other versions often.
  await db.schema
    .createIndex('runs_queue_by_version')
    .on('runs')
    .columns(['agent_role', 'agent_version'])
    .where(sql.ref('status'), '=', sql.lit('queued'))
    .where(sql.ref('agent_version'), 'is not', null)
    .execute();
}
