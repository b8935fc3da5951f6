import type { Kysely, Transaction } from 'kysely';
import type { IdempotencyKeyTable, Schema } from '../storage/schema.js';
import { Statement } from '../storage/statement.js';
import type { RunRow } from './run.row.js';

/** Lifetime of a key. */
const KEY_MS = 86_400_000;

const INSERT = new Statement(`
  insert into idempotency_keys (tenant, caller, route, idempotency_key, fingerprint, run_id, created_at)
  values (?, ?, ?, ?, ?, ?, ?)
  on conflict (tenant, caller, route, idempotency_key) do update
  set fingerprint = excluded.fingerprint, run_id = excluded.run_id, created_at = excluded.created_at
  where idempotency_keys.created_at < ?`);

/** A key with its scope and the fingerprint of its request. */
export type IdempotencyKey = Pick<
  IdempotencyKeyTable,
  'tenant' | 'caller' | 'route' | 'idempotency_key' | 'fingerprint'
>;

/** The run of a key, with the fingerprint of its request. */
export type KeyedRun = Pick<IdempotencyKeyTable, 'run_id' | 'fingerprint'>;

/** Claims the key for this run. Returns the other run if the key is already claimed. */
export async function claimKey(
  run: RunRow,
  key: IdempotencyKey,
  transaction: Transaction<Schema>,
): Promise<KeyedRun | undefined> {
  const now = Date.now();
  const { tenant, caller, route, idempotency_key, fingerprint } = key;
  const values = [tenant, caller, route, idempotency_key, fingerprint, run.run_id, now, now - KEY_MS];
  if (await INSERT.executeAffected(transaction, ...values)) return undefined;
  // If the other run has failed in this very moment, the key is free again.
  return (await findKey(key, transaction)) ?? (await claimKey(run, key, transaction));
}

export async function findKey(
  { tenant, caller, route, idempotency_key }: IdempotencyKey,
  query: Kysely<Schema>,
): Promise<KeyedRun | undefined> {
  return await query
    .selectFrom('idempotency_keys')
    .select(['run_id', 'fingerprint'])
    .where('tenant', '=', tenant)
    .where('caller', '=', caller)
    .where('route', '=', route)
    .where('idempotency_key', '=', idempotency_key)
    .executeTakeFirst();
}

export async function releaseKey(runId: string, transaction: Transaction<Schema>): Promise<void> {
  await transaction.deleteFrom('idempotency_keys').where('run_id', '=', runId).execute();
}
