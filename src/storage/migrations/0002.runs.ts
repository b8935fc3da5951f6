import { type Kysely, sql } from 'kysely';

/** Stores runs from their start, with their owner, attempt, held session and events. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('runs').renameTo('finished_runs').execute();
  await db.schema.dropIndex('runs_by_session').execute();
  await db.schema
    .createTable('runs')
    .addColumn('run_id', 'text', (column) => column.primaryKey())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('session_id', 'text', (column) => column.notNull())
    .addColumn('agent_role', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('crashes', 'integer', (column) => column.notNull())
    .addColumn('owner', 'text')
    .addColumn('holds_session', 'integer', (column) => column.notNull())
    .addColumn('caller', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text', (column) => column.notNull())
    .addColumn('request', 'text')
    .addColumn('model', 'text', (column) => column.notNull())
    .addColumn('input_tokens', 'integer', (column) => column.notNull())
    .addColumn('output_tokens', 'integer', (column) => column.notNull())
    .addColumn('error', 'text')
    .addColumn('outcome', 'text')
    .addColumn('cancel_reason', 'text')
    .addColumn('webhook_url', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('started_at', 'bigint')
    .addColumn('claimed_at', 'bigint')
    .addColumn('spent_ms', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .execute();
  await sql`
    insert into runs (run_id, tenant, session_id, agent_role, kind, status, attempt, crashes, holds_session, caller,
      request_id, model, input_tokens, output_tokens, error, created_at, started_at, spent_ms, finished_at)
    select run_id, tenant, session_id, agent_role, 'chat', status, 1, 0, 0, '', '', model, input_tokens, output_tokens,
      error, created_at, created_at, 0, finished_at
    from finished_runs`.execute(db);
  await db.schema.dropTable('finished_runs').execute();
  await db.schema.createIndex('runs_by_session').on('runs').columns(['tenant', 'session_id']).execute();
  // The unique index lets at most one run hold a session.
  await db.schema
    .createIndex('runs_holding')
    .unique()
    .on('runs')
    .columns(['tenant', 'session_id'])
    .where(sql.ref('holds_session'), '=', sql.lit(1))
    .execute();
  await db.schema
    .createIndex('runs_open')
    .on('runs')
    .columns(['status', 'created_at'])
    .where(sql.ref('finished_at'), 'is', null)
    .execute();
  await db.schema
    .createIndex('runs_tasks')
    .on('runs')
    .columns(['tenant', 'created_at', 'run_id'])
    .where(sql.ref('kind'), '=', sql.lit('task'))
    .execute();
  await db.schema.createIndex('runs_by_end').on('runs').columns(['finished_at']).execute();

  await db.schema
    .createTable('events')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('sequence', 'integer', (column) => column.notNull())
    .addColumn('last_sequence', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('events_pk', ['run_id', 'sequence'])
    .execute();

  await db.schema
    .createTable('steps')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('steps_pk', ['run_id', 'step'])
    .execute();

  await db.schema
    .createTable('approvals')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('approval_id', 'text', (column) => column.notNull())
    .addColumn('step', 'text', (column) => column.notNull())
    .addColumn('tool', 'text', (column) => column.notNull())
    .addColumn('arguments', 'text', (column) => column.notNull())
    .addColumn('decision', 'text')
    .addColumn('reason', 'text')
    .addColumn('decided_by', 'text')
    .addColumn('decided_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('approvals_pk', ['run_id', 'approval_id'])
    .execute();

  await db.schema
    .createTable('idempotency_keys')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('caller', 'text', (column) => column.notNull())
    .addColumn('route', 'text', (column) => column.notNull())
    .addColumn('idempotency_key', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_keys_pk', ['tenant', 'caller', 'route', 'idempotency_key'])
    .execute();
  await db.schema.createIndex('idempotency_keys_by_run').on('idempotency_keys').column('run_id').execute();

  await db.schema.createIndex('idempotency_keys_by_age').on('idempotency_keys').column('created_at').execute();

  await db.schema
    .createTable('replicas')
    .addColumn('replica_id', 'text', (column) => column.primaryKey())
    .addColumn('heartbeat_at', 'bigint', (column) => column.notNull())
    .execute();
}
