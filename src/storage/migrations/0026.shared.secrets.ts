import { randomBytes } from 'node:crypto';
import { type Kysely, sql } from 'kysely';

/** Creates the secret that all replicas of a database share. Older replicas do not read it. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('shared_secrets')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  const value = randomBytes(32).toString('base64');
  await sql`insert into shared_secrets (name, value, created_at) values ('replicas', ${value}, ${Date.now()})`.execute(
    db,
  );
}
