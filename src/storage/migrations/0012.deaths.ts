import { type Kysely, sql } from 'kysely';

/** Counts the processes that died in a tool call, and indexes the tasks whose processes died repeatedly. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').addColumn('blamed_at', 'bigint').execute();
  await db.schema.alterTable('steps').addColumn('attempt', 'integer').execute();
  await db.schema
    .alterTable('steps')
    .addColumn('deaths', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await db.schema
    .createIndex('runs_suspects')
    // An operator may have created it already, without a lock.
    .ifNotExists()
    .on('runs')
    .columns(['status', 'crashes'])
    .where(sql<boolean>`finished_at is null and crashes >= 2`)
    .execute();
}
