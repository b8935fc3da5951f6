import { type Kysely, sql } from 'kysely';
import type { Schema } from '../storage/schema.js';

/** An end user is known if one of them names them. */
const TABLES = ['sessions', 'runs', 'webhook_deliveries', 'session_waiters', 'audit_subjects'] as const;

/** Whether data of the end user is stored. The audit must not keep each name that somebody invents. */
export async function isStored(tenant: string, endUser: string, query: Kysely<Schema>): Promise<boolean> {
  const conditions = TABLES.map(
    // The literal term lets SQLite use the index of the runs of end users.
    (table) => sql`exists (select 1 from ${sql.table(table)}
      where tenant = ${tenant} and end_user = ${endUser} and end_user <> '')`,
  );
  const { rows } = await sql`select 1 where ${sql.join(conditions, sql` or `)}`.execute(query);
  return rows.length > 0;
}
