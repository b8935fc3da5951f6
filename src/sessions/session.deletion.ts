import type { Transaction } from 'kysely';
import type { Schema } from '../storage/schema.js';
import type { ErasedKey, SessionKey } from './session.key.js';
import { lockSession, onlyRunsOf } from './session.query.js';

/**
 * The tables with webhooks. A webhook leaves the first table when it is delivered, and returns when it is sent again. So
 * the first one is erased again: the second one waits for commits that move a webhook back.
 */
export const WEBHOOK_TABLES = ['webhooks', 'webhook_deliveries', 'webhooks'] as const;
/** The tables with rows of a run. */
const DEPENDENT_TABLES = ['events', 'steps', 'approvals', 'idempotency_keys', ...WEBHOOK_TABLES, 'runs'] as const;

/** Counts of erased rows. */
export interface Erased {
  readonly sessions: number;
  readonly messages: number;
  readonly runs: number;
}

/** The erased rows of a session, and its end user. */
interface ErasedSession extends Erased {
  readonly endUser: string | undefined;
}

/** Erases runs and all rows that belong to them. */
export async function eraseRuns(runIds: readonly string[], transaction: Transaction<Schema>): Promise<void> {
  if (runIds.length === 0) return;
  // A webhook that announces approvals has the id of one.
  const announcements = transaction.selectFrom('approvals').select('approval_id').where('run_id', 'in', runIds);
  for (const table of WEBHOOK_TABLES) {
    await transaction.deleteFrom(table).where('run_id', 'in', announcements).execute();
  }
  for (const table of DEPENDENT_TABLES) await transaction.deleteFrom(table).where('run_id', 'in', runIds).execute();
}

/** Erases a session and all its remaining rows, or the runs of an end user who does not own it. */
export async function eraseSession(key: ErasedKey, transaction: Transaction<Schema>): Promise<ErasedSession> {
  const { tenant, session_id } = key;
  const session = await lockSession(transaction, key);
  const only = onlyRunsOf(session, key);
  let found = transaction
    .selectFrom('runs')
    .select(['run_id', 'end_user'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id);
  // With `=` SQLite would search all runs of the end user.
  if (only !== undefined) found = found.where('end_user', 'is not distinct from', only);
  const runs = await found.execute();
  await eraseRuns(
    runs.map(({ run_id }) => run_id),
    transaction,
  );
  if (only !== undefined) return { sessions: 0, messages: 0, runs: runs.length, endUser: only };
  const messages = await eraseFrom('messages', { tenant, session_id }, transaction);
  // Webhooks of runs that are already erased.
  for (const table of WEBHOOK_TABLES) await eraseFrom(table, { tenant, session_id }, transaction);
  const sessions = await eraseFrom('sessions', { tenant, session_id }, transaction);
  const endUser = (session ?? runs[0])?.end_user ?? undefined;
  return { sessions, messages, runs: runs.length, endUser };
}

async function eraseFrom(
  table: 'messages' | 'webhooks' | 'webhook_deliveries' | 'sessions',
  { tenant, session_id }: SessionKey,
  transaction: Transaction<Schema>,
): Promise<number> {
  const { numDeletedRows } = await transaction
    .deleteFrom(table)
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .executeTakeFirst();
  return Number(numDeletedRows);
}
