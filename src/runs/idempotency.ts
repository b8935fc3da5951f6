import { createHash } from 'node:crypto';
import type { ExpressionBuilder, Kysely, Transaction } from 'kysely';
import type { Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import type { IdempotencyKeyTable, Schema } from '../storage/schema.js';
import { Statement } from '../storage/statements/statement.js';
import { DEFAULT_ROLE, DEFAULT_TEMPERATURE } from './events/run.events.js';
import type { ModelToolCall } from '../models/language.model.js';
import type { Run } from './run.js';
import type { RunRow } from './run.row.js';

/** Lifetime of a key after the end of its run. */
const KEY_MS = 86_400_000;

const INSERT = new Statement(`
  insert into idempotency_keys (tenant, caller, route, idempotency_key, fingerprint, run_id, created_at)
  values (?, ?, ?, ?, ?, ?, ?)
  on conflict (tenant, caller, route, idempotency_key) do update
  set fingerprint = excluded.fingerprint, run_id = excluded.run_id, created_at = excluded.created_at
  where idempotency_keys.created_at < ? and not exists (
    select 1 from runs
    where runs.run_id = idempotency_keys.run_id and (runs.finished_at is null or runs.finished_at >= ?))`);

/** A key with its scope and the fingerprint of its request. */
export type IdempotencyKey = Omit<IdempotencyKeyTable, 'run_id' | 'created_at'>;

/** The run of a key, with the fingerprint of its request. */
export type KeyedRun = Pick<IdempotencyKeyTable, 'run_id' | 'fingerprint'>;

/** A request that may have a key. */
interface KeyedRequest {
  readonly kind: RunRow['kind'];
  readonly principal: Principal;
  readonly request: object;
  readonly idempotencyKey?: string | undefined;
  /** The scope of the key; default: the kind of the run. */
  readonly keySpace?: string | undefined;
}

/** The idempotency key of the request with its scope; undefined: it has none. */
export function keyOf({ kind, principal, request, ...options }: KeyedRequest): IdempotencyKey | undefined {
  const { idempotencyKey, keySpace = kind } = options;
  if (idempotencyKey === undefined) return undefined;
  const { tenant, id, endUser } = principal;
  // End users have separate keys: none may get the answer of another.
  const caller = endUser === undefined ? id : `${id}/${endUser}`;
  return { tenant, caller, route: keySpace, idempotency_key: idempotencyKey, fingerprint: fingerprintOf(request) };
}

/**
 * The idempotency key of a tool call. A call that another run has begun keeps its key. It has the step, not the model's call id, which may be missing or repeated. Another
 * run that continues or repeats this one has the same effect key. Its step may be another call, so the key has the call.
 */
export function callKeyOf(
  { id, context, journal }: Pick<Run, 'id' | 'context' | 'journal'>,
  call: ModelToolCall,
  step: string,
): string {
  const { effectKey } = context;
  const begun = journal.tool(step);
  if (begun?.state === 'started' && begun.callKey !== undefined) return begun.callKey;
  if (effectKey === undefined) return `${id}:${step}`;
  const hash = createHash('sha256')
    .update(JSON.stringify([call.name, call.arguments]))
    .digest('base64url');
  return `${effectKey}:${step}:${hash}`;
}

/** The id of the run with this key. @throws AgentError if the key belongs to another request. */
export function assertSameRequest({ run_id, fingerprint }: KeyedRun, key: IdempotencyKey | undefined): string {
  if (fingerprint !== key?.fingerprint) throw new AgentError('idempotency_key_reused');
  return run_id;
}

/** Claims the key for this run. Returns the other run if the key is already claimed. */
export async function claimKey(
  run: RunRow,
  key: IdempotencyKey,
  transaction: Transaction<Schema>,
): Promise<KeyedRun | undefined> {
  const now = Date.now();
  const { tenant, caller, route, idempotency_key, fingerprint } = key;
  const values = [tenant, caller, route, idempotency_key, fingerprint, run.run_id, now, now - KEY_MS, now - KEY_MS];
  if (await INSERT.run(transaction, ...values)) return undefined;
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
    .where((of) => of.not(isExpired(of, Date.now())))
    .executeTakeFirst();
}

/** Whether the key is a day old, and its run has been over for a day, or is gone. */
export function isExpired(of: ExpressionBuilder<Schema, 'idempotency_keys'>, now: number) {
  const run = of
    .selectFrom('runs')
    .select('runs.run_id')
    .whereRef('runs.run_id', '=', 'idempotency_keys.run_id')
    .where((row) => row.or([row('runs.finished_at', 'is', null), row('runs.finished_at', '>=', now - KEY_MS)]));
  return of.and([of('idempotency_keys.created_at', '<', now - KEY_MS), of.not(of.exists(run))]);
}

/**
 * Whether the same request can be sent again with its key after such a failure. Not if a tool that must not be repeated
 * has begun.
 */
export function freesKey({ code, status }: AgentError, hasEffects: boolean): boolean {
  return !hasEffects && (status >= 500 || code === 'content_filtered' || code === 'context_length_exceeded');
}

/** The beginning of the idempotency keys of tool calls, equal for all runs with this key. */
export function effectKeyOf({ tenant, caller, route, idempotency_key }: IdempotencyKey): string {
  const scope = JSON.stringify([tenant, caller, route, idempotency_key]);
  return createHash('sha256').update(scope).digest('base64url');
}

export async function releaseKey(runId: string, transaction: Transaction<Schema>): Promise<void> {
  await transaction.deleteFrom('idempotency_keys').where('run_id', '=', runId).execute();
}

/** Equal for equal requests, in any order of their fields. A default value means the same as an absent one. */
function fingerprintOf(request: object): string {
  const given = Object.entries(request).filter(([, value]) => value !== undefined);
  const fields = { agent_role: DEFAULT_ROLE, temperature: DEFAULT_TEMPERATURE, ...Object.fromEntries(given) };
  const sorted = Object.entries(fields).toSorted(byName);
  return createHash('sha256').update(JSON.stringify(sorted, sortKeys)).digest('base64url');
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(byName));
}

function byName([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return one < other ? -1 : 1;
}
