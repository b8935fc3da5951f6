import { type Kysely, PostgresAdapter, sql } from 'kysely';

/** The audit log, whose rows the database itself refuses to change, and its pseudonyms. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit_entries')
    .addColumn('sequence', 'bigint', (column) => column.primaryKey())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('actor', 'text', (column) => column.notNull())
    .addColumn('subject', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('target', 'text', (column) => column.notNull())
    .addColumn('details', 'text', (column) => column.notNull())
    .addColumn('request_id', 'text')
    .addColumn('previous_hash', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('audit_entries_by_tenant').on('audit_entries').columns(['tenant', 'sequence']).execute();
  await db.schema
    .createTable('audit_subjects')
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('end_user', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('audit_subjects_pk', ['tenant', 'end_user'])
    .execute();
  if (db.getExecutor().adapter instanceof PostgresAdapter) await protectOnPostgres(db);
  else await protectOnSqlite(db);
}

async function protectOnPostgres(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function refuse_audit_change() returns trigger language plpgsql as $$
    begin
      raise exception 'entries of the audit are never changed';
    end $$`.execute(db);
  await sql`
    create trigger audit_entries_kept before update or delete on audit_entries
    for each row execute function refuse_audit_change()`.execute(db);
  await sql`
    create trigger audit_entries_not_emptied before truncate on audit_entries
    for each statement execute function refuse_audit_change()`.execute(db);
}

async function protectOnSqlite(db: Kysely<unknown>): Promise<void> {
  await sql`
    create trigger audit_entries_not_updated before update on audit_entries
    begin select raise(abort, 'entries of the audit are never changed'); end`.execute(db);
  await sql`
    create trigger audit_entries_not_deleted before delete on audit_entries
    begin select raise(abort, 'entries of the audit are never changed'); end`.execute(db);
}
