import type { Kysely, Selectable, Transaction } from 'kysely';
import type { Schema, SessionTable } from '../storage/schema.js';
import type { OpenCalls } from './open.calls.js';
import type { ErasedKey, SessionKey } from './session.key.js';

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

/**
 * Returns the end user whose runs alone an erasure removes, because they do not own the session. Two end users may have
 * runs in a session that has no turn yet.
 */
export function onlyRunsOf(session: Pick<SessionRow, 'end_user'> | undefined, { endUser }: ErasedKey) {
  return endUser === undefined || session?.end_user === endUser ? undefined : endUser;
}

/**
 * Reads the row of a session and locks it until the commit. Each write that ends a run or removes a session locks the
 * session before the run. So neither of two such writes misses the other, and they cannot deadlock.
 */
export function lockSession(
  transaction: Transaction<Schema>,
  { tenant, session_id }: SessionKey,
): Promise<SessionRow | undefined> {
  return (
    transaction
      .updateTable('sessions')
      // An update locks the row on both SQLite and PostgreSQL.
      .set((column) => ({ message_count: column.ref('message_count') }))
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .returningAll()
      .executeTakeFirst()
  );
}

/** Replaces the calls of a session that wait for results. Undefined: none. */
export async function setOpenCalls(
  { tenant, session_id }: SessionKey,
  calls: OpenCalls | undefined,
  transaction: Transaction<Schema>,
): Promise<void> {
  await transaction
    .updateTable('sessions')
    .set({ open_calls: calls === undefined ? null : JSON.stringify(calls) })
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .execute();
}
