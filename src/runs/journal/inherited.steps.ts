import type { Transaction } from 'kysely';
import type { Schema } from '../../storage/schema.js';
import { Statement } from '../../storage/statements/statement.js';
import type { RunRow } from '../run.row.js';

/** Keeps an erasure from deleting the run before its journal is copied. */
const LOCK_RUN = new Statement('update runs set retry_of = retry_of where run_id = ?');

/**
 * Copies the journal of the run that a new one retries. An unfinished call has no usage yet. Its body has its idempotency
 * key, if the new run would make another one.
 */
const INHERIT_STEPS = new Statement(`
  insert into steps (run_id, step, state, body, deaths, started_at, finished_at, tries, inherited)
  select ?, step, state,
    case when state = 'started' and body = '' then coalesce(cast(? as text) || step, '') else body end,
    deaths, started_at, finished_at, tries, case when state = 'finished' then 1 end
  from steps where run_id = ?`);

type Retry = Pick<RunRow, 'run_id' | 'retry_of' | 'effect_key'>;

/** The unfinished run that already retries the same one; it shares its lock. */
export async function findOpenRetry(
  { tenant, retry_of }: Pick<RunRow, 'tenant' | 'retry_of'>,
  transaction: Transaction<Schema>,
): Promise<Pick<RunRow, 'run_id' | 'caller'> | undefined> {
  if (retry_of === null) return undefined;
  return await transaction
    .selectFrom('runs')
    .select(['run_id', 'caller'])
    .where('retry_of', '=', retry_of)
    .where('tenant', '=', tenant)
    .where('finished_at', 'is', null)
    .executeTakeFirst();
}

/** Locks the run that a new one retries, if there is one. Returns false if it was erased. */
export async function lockRetried({ retry_of }: Retry, transaction: Transaction<Schema>): Promise<boolean> {
  return retry_of === null || (await LOCK_RUN.run(transaction, retry_of));
}

/** Copies the journal of the run that this new one retries, if there is one. */
export async function inheritSteps(
  { run_id, retry_of, effect_key }: Retry,
  transaction: Transaction<Schema>,
): Promise<void> {
  if (retry_of === null) return;
  const keyPrefix = effect_key === retry_of ? `${retry_of}:` : null;
  await INHERIT_STEPS.execute(transaction, run_id, keyPrefix, retry_of);
}
