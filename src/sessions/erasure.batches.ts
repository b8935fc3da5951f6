import type { Database } from '../storage/database.js';
import { eraseRuns } from './session.deletion.js';
import type { ErasedKey, SessionKey } from './session.key.js';
import { onlyRunsOf, readSession } from './session.query.js';

/** Messages or runs per commit. Small commits keep other writes from waiting. */
const BATCH = 500;

/**
 * Erases the oldest messages and ended runs of a session in batches, until the rest fits in one commit. Returns how
 * many it erased.
 */
export async function eraseInBatches(database: Database, key: ErasedKey, target: string) {
  const session = key.endUser === undefined ? undefined : await readSession(database.query, key);
  const endUser = onlyRunsOf(session, key);
  return {
    messages: endUser === undefined ? await untilNone(() => eraseOldest(database, key, target)) : 0,
    runs: await untilNone(() => eraseSomeRuns(database, { ...key, endUser }, target)),
  };
}

/** Erases one batch of messages, if there are more. The batch ends before a turn: half a turn would mislead a model. */
async function eraseOldest(database: Database, { tenant, session_id }: SessionKey, target: string): Promise<number> {
  const oldest = await database.query
    .selectFrom('messages')
    .select(['position', 'run_id'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .orderBy('position')
    .limit(BATCH + 1)
    .execute();
  const next = oldest.at(BATCH);
  if (next === undefined) return 0;
  const kept = oldest.find(({ run_id }) => run_id === next.run_id) ?? next;
  // A turn longer than a batch is erased with the session.
  if (kept === oldest[0]) return 0;
  await database.write(async (transaction) => {
    await database.erasures.add(transaction, { target });
    await transaction
      .deleteFrom('messages')
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      .where('position', '<', kept.position)
      .execute();
  });
  return oldest.indexOf(kept);
}

/** Erases one batch of ended runs, if there are at least as many: those of all, or of one end user. */
async function eraseSomeRuns(
  database: Database,
  { tenant, session_id, endUser }: ErasedKey,
  target: string,
): Promise<number> {
  let ended = database.query
    .selectFrom('runs')
    .select('run_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    // Filters by status: `finished_at` would use the index of all ended runs.
    .where('status', 'in', ['completed', 'failed', 'cancelled'])
    .limit(BATCH);
  if (endUser !== undefined) ended = ended.where('end_user', 'is not distinct from', endUser);
  const rows = await ended.execute();
  if (rows.length < BATCH) return 0;
  const ids = rows.map(({ run_id }) => run_id);
  await database.write(async (transaction) => {
    await database.erasures.add(transaction, { target });
    await eraseRuns(ids, transaction);
  });
  return ids.length;
}

/** Repeats a step until it erases nothing, and returns the total. */
async function untilNone(step: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const count = await step();
    if (count === 0) return total;
    total += count;
  }
}
