import { type Kysely, PostgresAdapter, sql, type Transaction } from 'kysely';
import type { Principal } from '../auth/principal.js';
import { beforeCommit } from '../storage/before.commit.js';
import { newId } from '../storage/new.id.js';
import type { Schema } from '../storage/schema.js';
import { type AuditAction, type AuditDetails, NO_HASH, sealed, toRow } from './audit.entry.js';

/** Who does something, and in which request. */
export interface Actor {
  /** The id of the principal. */
  readonly id: string;
  /** The end user that he is, or on whose behalf he calls. */
  readonly endUser?: string | undefined;
  readonly requestId?: string | undefined;
}

/** What somebody does, as it is to be kept. */
export interface Deed {
  readonly action: AuditAction;
  readonly tenant: string;
  readonly actor: Actor;
  /** Whose data it is within the tenant; his name is not kept. */
  readonly endUser?: string | undefined;
  /** Left out: the end user. */
  readonly target?: string | undefined;
  readonly details?: AuditDetails | undefined;
}

/** Any number that nobody else uses for a lock. */
const HEAD_LOCK = 7_267_535_441;

/** The principal as one who acts. The operator goes by his id, whatever he is besides. */
export function actorOf({ id, endUser, scopes }: Principal, requestId?: string): Actor {
  const isOperator = scopes?.includes('admin') === true;
  return { id, endUser: isOperator ? undefined : endUser, requestId };
}

/** Keeps a deed in the commit that does it: neither is ever there without the other. */
export function record(transaction: Transaction<Schema>, deed: Deed): void {
  beforeCommit(transaction, () => append(transaction, deed));
}

async function append(transaction: Transaction<Schema>, deed: Deed): Promise<void> {
  const { action, tenant, actor, details = {} } = deed;
  await lockHead(transaction);
  const head = await headOf(transaction);
  const endUser = deed.endUser ?? actor.endUser;
  const subject = endUser === undefined ? null : await subjectOf(transaction, tenant, endUser);
  const entry = sealed({
    sequence: (head?.sequence ?? 0) + 1,
    at: new Date().toISOString(),
    tenant,
    actor: await nameOf(transaction, tenant, actor),
    subject,
    action,
    target: deed.target ?? `subject:${subject}`,
    details,
    request_id: actor.requestId ?? null,
    previous_hash: head?.hash ?? NO_HASH,
  });
  await transaction.insertInto('audit_entries').values(toRow(entry)).execute();
}

/** Replicas append one after the other; the writer of a file is alone in its transaction anyway. */
async function lockHead(transaction: Transaction<Schema>): Promise<void> {
  if (!(transaction.getExecutor().adapter instanceof PostgresAdapter)) return;
  await sql`select pg_advisory_xact_lock(${HEAD_LOCK})`.execute(transaction);
}

/** The last entry. */
function headOf(db: Kysely<Schema>): Promise<{ readonly sequence: number; readonly hash: string } | undefined> {
  return db
    .selectFrom('audit_entries')
    .select(['sequence', 'hash'])
    .orderBy('sequence', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** The pseudonym that an end user has, or is given now. */
async function subjectOf(transaction: Transaction<Schema>, tenant: string, endUser: string): Promise<string> {
  const known = await knownSubject(transaction, tenant, endUser);
  if (known !== undefined) return known;
  const subject = newId();
  await transaction.insertInto('audit_subjects').values({ tenant, end_user: endUser, subject }).execute();
  return subject;
}

/** The pseudonym of an end user of whom the audit has something. */
export async function knownSubject(db: Kysely<Schema>, tenant: string, endUser: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('audit_subjects')
    .select('subject')
    .where('tenant', '=', tenant)
    .where('end_user', '=', endUser)
    .executeTakeFirst();
  return row?.subject;
}

/** The ids of end users and of callers without credentials say who they are: those are not kept. */
async function nameOf(transaction: Transaction<Schema>, tenant: string, { id, endUser }: Actor): Promise<string> {
  if (id.startsWith('ip:')) return 'anonymous';
  if (endUser === undefined || !id.includes(endUser)) return id;
  // A key's id is no name, even where the end user's happens to be in it.
  if (id.startsWith('key:')) return id;
  return `subject:${await subjectOf(transaction, tenant, endUser)}`;
}
