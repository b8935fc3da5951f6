import type { Database } from '../storage/database.js';
import { eraseRuns } from './erased.rows.js';
import type { SessionKey } from './sessions.repository.js';

/** Messages, or runs, that go in one commit, so that others do not wait for it. */
const ERASE_STEP = 500;

/** The messages of a session that are too many for one commit, but for the last ones. */
export function eraseOldMessages(database: Database, key: SessionKey, target: string): Promise<number> {
  return untilNone(() => eraseOldest(database, key, target));
}

/** The runs of a session that are too many for one commit, but for the last ones. */
export function eraseOldRuns(database: Database, key: SessionKey, target: string): Promise<number> {
  return untilNone(() => eraseSomeRuns(database, key, target));
}

/** The messages before a turn, where there are more than one commit should take: half a turn would mislead a model. */
async function eraseOldest(database: Database, { tenant, session_id }: SessionKey, target: string): Promise<number> {
  const oldest = await database.query
    .selectFrom('messages')
    .select(['position', 'run_id'])
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    .orderBy('position')
    .limit(ERASE_STEP + 1)
    .execute();
  const next = oldest.at(ERASE_STEP);
  if (next === undefined) return 0;
  const kept = oldest.find(({ run_id }) => run_id === next.run_id) ?? next;
  // A turn that is longer than a step goes with the session.
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

/** Some runs that are over, where there are more than one commit should take. */
async function eraseSomeRuns(database: Database, { tenant, session_id }: SessionKey, target: string): Promise<number> {
  const rows = await database.query
    .selectFrom('runs')
    .select('run_id')
    .where('tenant', '=', tenant)
    .where('session_id', '=', session_id)
    // By status: an index of all ends would answer `finished_at`.
    .where('status', 'in', ['completed', 'failed', 'cancelled'])
    .limit(ERASE_STEP)
    .execute();
  if (rows.length < ERASE_STEP) return 0;
  const ids = rows.map(({ run_id }) => run_id);
  await database.write(async (transaction) => {
    await database.erasures.add(transaction, { target });
    await eraseRuns(ids, transaction);
  });
  return ids.length;
}

/** Repeats a step until it finds nothing, and tells how much there was. */
async function untilNone(step: () => Promise<number>): Promise<number> {
  for (let total = 0; ;) {
    const count = await step();
    if (count === 0) return total;
    total += count;
  }
}
