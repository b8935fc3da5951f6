import type { Kysely, Selectable } from 'kysely';
import type { Schema, SessionTable } from '../storage/schema.js';
import type { SessionKey } from './session.key.js';

export type SessionRow = Selectable<SessionTable>;

/** The row of a session; undefined if the session has no turn yet. */
export function readSession(db: Kysely<Schema>, { tenant, session_id }: SessionKey): Promise<SessionRow | undefined> {
  return db
    .selectFrom('sessions')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .executeTakeFirst();
}
