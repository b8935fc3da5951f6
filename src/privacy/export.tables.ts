import { type RawBuilder, sql } from 'kysely';
import type { Schema } from '../storage/schema.js';

/** The subject of the data: a session, an end user, or a whole tenant. */
export interface DataSubject {
  readonly tenant: string;
  readonly sessionId?: string | undefined;
  readonly endUser?: string | undefined;
}

/** Reads the ids of the selected rows in batches: each id once, and never all in memory. */
type ReadIds = (table: 'sessions' | 'runs', where: Condition) => AsyncIterable<readonly unknown[]>;

type Condition = RawBuilder<unknown>;

/** Columns that identify a row. The first ones are those of an index, if many rows are read. */
export type PageKey = readonly [string, ...string[]];

/** The rows of one table in an export. */
export interface ExportTable {
  /** The `type` of their lines. */
  readonly type: string;
  readonly table: keyof Schema;
  /** The columns that identify a row, used for paging. */
  readonly key: (subject: DataSubject) => PageKey;
  /** Conditions that together select the rows of the subject, each row once. */
  readonly where: (subject: DataSubject, ids: ReadIds) => readonly Condition[] | AsyncIterable<Condition>;
}

/**
 * The columns that identify a session or a run, the id last. Those of an end user are few, and sorted for each page.
 * In the order of an index SQLite would walk all rows of the tenant.
 */
export const PARENT_KEYS = {
  sessions: ({ endUser }) => (endUser === undefined ? ['session_id'] : ['created_at', 'session_id']),
  runs: ({ endUser }) => (endUser === undefined ? ['session_id', 'created_at', 'run_id'] : ['created_at', 'run_id']),
} as const satisfies Record<string, ExportTable['key']>;

/** All tables with data of a tenant. A new one belongs in here, and in the erasure. */
export const EXPORT_TABLES: readonly ExportTable[] = [
  { type: 'session', table: 'sessions', key: PARENT_KEYS.sessions, where: (subject) => [ofSession(subject)] },
  { type: 'message', table: 'messages', key: () => ['session_id', 'position'], where: inSession },
  { type: 'summary', table: 'summaries', key: () => ['session_id'], where: inSession },
  { type: 'session_source', table: 'session_sources', key: () => ['session_id', 'source_id'], where: inSession },
  { type: 'run', table: 'runs', key: PARENT_KEYS.runs, where: ofRun },
  { type: 'event', table: 'events', key: () => ['run_id', 'sequence'], where: onRun },
  { type: 'early_fact', table: 'early_facts', key: () => ['run_id', 'sequence', 'part'], where: onRun },
  { type: 'openai_response', table: 'openai_responses', key: () => ['run_id'], where: onRun },
  { type: 'step', table: 'steps', key: () => ['run_id', 'step'], where: onRun },
  { type: 'approval', table: 'approvals', key: () => ['run_id', 'approval_id'], where: onRun },
  {
    type: 'idempotency_key',
    table: 'idempotency_keys',
    key: () => ['run_id', 'caller', 'route', 'idempotency_key'],
    where: onRun,
  },
  {
    type: 'webhook',
    table: 'webhooks',
    key: () => ['session_id', 'run_id'],
    where: (...of) => ofWebhook('webhooks', ...of),
  },
  {
    type: 'webhook_delivery',
    table: 'webhook_deliveries',
    key: () => ['session_id', 'run_id'],
    where: (...of) => ofWebhook('webhook_deliveries', ...of),
  },
  {
    type: 'waiting_run',
    table: 'session_waiters',
    key: () => ['session_id', 'created_at', 'run_id'],
    where: ofRun,
  },
  { type: 'api_key', table: 'api_keys', key: () => ['created_at', 'key_id'], where: ofTenant },
  { type: 'usage', table: 'usage', key: () => ['day', 'caller', 'role', 'model', 'replica_id'], where: ofTenant },
  { type: 'audit_entry', table: 'audit_entries', key: () => ['sequence'], where: ofEntry },
];

/** Columns with hashes of key secrets, which an export leaves out. */
export const SECRET_COLUMNS: ReadonlySet<string> = new Set(['hash', 'previous_hash']);

function ofSession({ tenant, sessionId, endUser }: DataSubject): Condition {
  if (sessionId !== undefined) return sql`tenant = ${tenant} and session_id = ${sessionId}`;
  if (endUser !== undefined) return ofEndUser(tenant, endUser);
  return sql`tenant = ${tenant}`;
}

function ofEndUser(tenant: string, endUser: string): Condition {
  // The literal term lets SQLite use the index of the runs of end users.
  return sql`tenant = ${tenant} and end_user = ${endUser} and end_user <> ''`;
}

async function* inSession(subject: DataSubject, ids: ReadIds): AsyncGenerator<Condition> {
  if (subject.endUser === undefined) {
    yield ofSession(subject);
    return;
  }
  for await (const some of ids('sessions', ofSession(subject))) {
    yield sql`tenant = ${subject.tenant} and session_id in (${sql.join(some)})`;
  }
}

/** Runs for the end user, and runs for others in the end user's sessions. */
async function* ofRun(subject: DataSubject, ids: ReadIds): AsyncGenerator<Condition> {
  const { tenant, endUser } = subject;
  if (endUser !== undefined) yield ofEndUser(tenant, endUser);
  for await (const session of inSession(subject, ids)) {
    yield endUser === undefined ? session : sql`${session} and (end_user is null or end_user <> ${endUser})`;
  }
}

async function* onRun(subject: DataSubject, ids: ReadIds): AsyncGenerator<Condition> {
  for await (const runs of ofRun(subject, ids)) yield* onRuns(ids('runs', runs));
}

async function* onRuns(runIds: AsyncIterable<readonly unknown[]>): AsyncGenerator<Condition> {
  for await (const some of runIds) yield sql`run_id in (${sql.join(some)})`;
}

/** A webhook may outlive its run, but not its session. */
async function* ofWebhook(
  table: 'webhooks' | 'webhook_deliveries',
  subject: DataSubject,
  ids: ReadIds,
): AsyncGenerator<Condition> {
  const { tenant, endUser } = subject;
  const name = sql.table(table);
  if (endUser !== undefined) {
    yield* onRuns(ids('runs', ofEndUser(tenant, endUser)));
    // Webhooks that announce approvals have the id of one. In the end user's own sessions they are read below.
    for await (const runs of onRuns(ids('runs', ofEndUser(tenant, endUser)))) {
      yield sql`run_id in (select approval_id from approvals where ${runs}) and not exists (select 1 from sessions
        where sessions.tenant = ${name}.tenant and sessions.session_id = ${name}.session_id
        and sessions.end_user = ${endUser})`;
    }
  }
  for await (const session of inSession(subject, ids)) {
    const ofOthers = sql`${session} and not exists
      (select 1 from runs where runs.run_id = ${name}.run_id and runs.end_user = ${endUser})`;
    yield endUser === undefined ? session : ofOthers;
  }
}

function ofTenant({ tenant, sessionId, endUser }: DataSubject): readonly Condition[] {
  return sessionId === undefined && endUser === undefined ? [sql`tenant = ${tenant}`] : [];
}

/** Audit entries about the data of an end user, by any actor. */
function ofEntry(subject: DataSubject): readonly Condition[] {
  const { tenant, endUser } = subject;
  if (endUser === undefined) return ofTenant(subject);
  return [sql`subject = (select subject from audit_subjects where tenant = ${tenant} and end_user = ${endUser})`];
}
