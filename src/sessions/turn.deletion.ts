import type { Transaction } from 'kysely';
import type { Schema } from '../storage/schema.js';
import type { SessionKey } from './session.key.js';
import { lockSession, setOpenCalls } from './session.query.js';

/** The most results that a run may bring. */
const MAX_RESULTS = 128;
/** In place of a result whose call stays: models refuse calls without results. */
const ERASED_RESULT = { content: 'The result was erased.', tokens: 8 };

/**
 * Erases the messages of a run from its session. Erases the results that the next run brought for its calls, and a summary
 * that covers them. Locks the session, so call it before the run is erased.
 */
export async function eraseTurn(
  { tenant, session_id }: SessionKey,
  runId: string,
  transaction: Transaction<Schema>,
): Promise<void> {
  const session = await lockSession(transaction, { tenant, session_id });
  const turn = await transaction
    .selectFrom('messages')
    .select(['position', 'role'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('run_id', '=', runId)
    .orderBy('position')
    .execute();
  const [first, last] = [turn.at(0)?.position, turn.at(-1)?.position];
  if (session === undefined || first === undefined || last === undefined) return;
  const following = await transaction
    .selectFrom('messages')
    .select(['position', 'role'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('position', '>', last)
    .orderBy('position')
    .limit(MAX_RESULTS)
    .execute();
  const given = resultsAtStart(turn);
  const erased = [...turn.slice(given.length), ...resultsAtStart(following)].map(({ position }) => position);
  await eraseMessages({ tenant, session_id }, erased, transaction);
  await transaction
    .updateTable('messages')
    .set(ERASED_RESULT)
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('position', '>=', first)
    .where('position', '<', first + given.length)
    .execute();
  await eraseSummaries({ tenant, session_id }, first, transaction);
  if (following.length > 0 || session.open_calls === null) return;
  await setOpenCalls(session, undefined, transaction);
}

/** Erases the summaries that cover the message: that of its session, and those of forks. */
export async function eraseSummaries(
  { tenant, session_id }: SessionKey,
  position: number,
  transaction: Transaction<Schema>,
): Promise<void> {
  await transaction
    .deleteFrom('summaries')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('until_position', '>', position)
    .execute();
  await eraseForkSummaries({ tenant, session_id }, position, transaction);
}

/** Erases the summaries of forks that cover the message: of those that have inherited it, and of the session if it is one. */
async function eraseForkSummaries(
  { tenant, session_id }: SessionKey,
  position: number,
  transaction: Transaction<Schema>,
): Promise<void> {
  const forks = transaction
    .selectFrom('session_sources as inherited')
    .select('inherited.session_id')
    .where('inherited.tenant', '=', tenant)
    .where('inherited.source_id', '=', session_id)
    .where('inherited.until_position', '>', position);
  await transaction
    .updateTable('session_sources')
    .set({ summary: null, summary_until: null })
    .where('tenant', '=', tenant)
    .where((of) => of.or([of('session_id', '=', session_id), of('session_id', 'in', forks)]))
    .where('summary_until', '>', position)
    .execute();
}

/** Erases the messages at these positions of the session. */
export async function eraseMessages(
  { tenant, session_id }: SessionKey,
  positions: readonly number[],
  transaction: Transaction<Schema>,
): Promise<void> {
  if (positions.length === 0) return;
  await transaction
    .deleteFrom('messages')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .where('position', 'in', positions)
    .execute();
}

/** A run begins with the results of the calls of the run before it. */
function resultsAtStart<T extends { readonly role: string }>(messages: readonly T[]): readonly T[] {
  const end = messages.findIndex(({ role }) => role !== 'tool');
  return end === -1 ? messages : messages.slice(0, end);
}
