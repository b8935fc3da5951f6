import { type Kysely, PostgresAdapter, sql, type Transaction } from 'kysely';
import { isOperator, type Principal } from '../auth/principal.js';
import type { RequestIds } from '../http/http.types.js';
import { beforeCommit } from '../storage/before.commit.js';
import { newId } from '../storage/new.id.js';
import type { Schema } from '../storage/schema.js';
import { type AuditAction, type AuditDetails, NO_HASH, withHash, toRow } from './audit.entry.js';

/** The principal that acts, and its request. */
export interface Actor {
  /** The id of the principal. */
  readonly id: string;
  /** The end user who acts, or on whose behalf the principal acts. */
  readonly endUser?: string | undefined;
  /** The id of the request, as in `X-Request-Id`. Default: none. */
  readonly requestId?: string | RequestIds | undefined;
}

/** An action to record in the audit. */
export interface AuditEvent {
  /** The kind of the action. */
  readonly action: AuditAction;
  /** The tenant that the action concerns. */
  readonly tenant: string;
  /** The principal that acts. */
  readonly actor: Actor;
  /** The end user of the tenant whose data is affected. The name is not stored. */
  readonly endUser?: string | undefined;
  /** The object of the action: `key:…`, `session:…`, `run:…`, `tenant:…`, `role:…`, `tool:…`. Default: the end user. */
  readonly target?: string | undefined;
  /** Additional facts. Default: none. */
  readonly details?: AuditDetails | undefined;
  /** The name of a detail that gets the pseudonym of the end user who acts, if there is one. Default: none. */
  readonly endUserDetail?: string | undefined;
}

/** An arbitrary id for the advisory lock; no other lock uses it. */
const HEAD_LOCK = 7_267_535_441;

/** Converts a principal to an actor. An operator is recorded by id, even if they are also an end user. */
export function actorOf(principal: Principal, requestId?: string | RequestIds): Actor {
  const { id, endUser } = principal;
  return { id, endUser: isOperator(principal) ? undefined : endUser, requestId };
}

/** Records an action in the transaction that performs it, so both commit or neither does. */
export function appendAudit(transaction: Transaction<Schema>, event: AuditEvent): void {
  beforeCommit(transaction, () => append(transaction, event));
}

async function append(transaction: Transaction<Schema>, event: AuditEvent): Promise<void> {
  const { action, tenant, actor } = event;
  // Serializes the appends of all replicas. SQLite needs no lock: it has one writer at a time.
  if (transaction.getExecutor().adapter instanceof PostgresAdapter) {
    await sql`select pg_advisory_xact_lock(${HEAD_LOCK})`.execute(transaction);
  }
  const head = await transaction
    .selectFrom('audit_entries')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
  const ids = idsOf(actor);
  const endUser = event.endUser ?? actor.endUser;
  const subject = endUser === undefined ? null : await subjectOf(transaction, tenant, endUser);
  const entry = withHash({
    sequence: (head?.sequence ?? 0) + 1,
    at: new Date().toISOString(),
    tenant,
    actor: await nameOf(transaction, tenant, actor),
    subject,
    action,
    target: event.target ?? `subject:${subject}`,
    details: await detailsOf(transaction, event),
    request_id: ids?.id ?? null,
    previous_hash: head?.hash ?? NO_HASH,
  });
  await transaction.insertInto('audit_entries').values(toRow(entry)).execute();
}

function idsOf({ requestId }: Actor): RequestIds | undefined {
  return typeof requestId === 'string' ? { id: requestId, ownId: requestId } : requestId;
}

async function detailsOf(
  transaction: Transaction<Schema>,
  { tenant, actor, details = {}, endUserDetail }: AuditEvent,
): Promise<AuditDetails> {
  const ids = idsOf(actor);
  const { endUser } = actor;
  return {
    ...details,
    ...(ids && ids.id !== ids.ownId && { own_request_id: ids.ownId }),
    ...(endUserDetail !== undefined &&
      endUser !== undefined && { [endUserDetail]: `subject:${await subjectOf(transaction, tenant, endUser)}` }),
  };
}

/** Returns the pseudonym of an end user; creates one if needed. */
async function subjectOf(transaction: Transaction<Schema>, tenant: string, endUser: string): Promise<string> {
  const known = await knownSubject(transaction, tenant, endUser);
  if (known !== undefined) return known;
  const subject = newId();
  await transaction.insertInto('audit_subjects').values({ tenant, end_user: endUser, subject }).execute();
  return subject;
}

/** Returns the pseudonym of an end user; undefined if the audit has no entry about them. */
export async function knownSubject(db: Kysely<Schema>, tenant: string, endUser: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('audit_subjects')
    .select('subject')
    .where('tenant', '=', tenant)
    .where('end_user', '=', endUser)
    .executeTakeFirst();
  return row?.subject;
}

/** Replaces ids that identify a person or a machine: those of end users and of callers without credentials. */
async function nameOf(transaction: Transaction<Schema>, tenant: string, { id, endUser }: Actor): Promise<string> {
  if (id.startsWith('ip:')) return 'anonymous';
  // The id of a key does not identify a person, even if it happens to contain a name.
  if (endUser === undefined || !id.includes(endUser) || id.startsWith('key:')) return id;
  return `subject:${await subjectOf(transaction, tenant, endUser)}`;
}
