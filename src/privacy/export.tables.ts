import { type RawBuilder, sql } from 'kysely';
import type { Schema } from '../storage/schema.js';

/** The subject of the data: a session, an end user, or a whole tenant. */
export interface DataSubject {
  readonly tenant: string;
  readonly sessionId?: string | undefined;
  readonly endUser?: string | undefined;
}

/** The rows of one table in an export. */
export interface ExportTable {
  /** The `type` of their lines. */
  readonly type: string;
  readonly table: keyof Schema;
  /** The columns that identify a row, used for paging. */
  readonly key: readonly [string, ...string[]];
  /** Selects the rows of the subject; undefined: the table has none for it. */
  readonly where: (subject: DataSubject) => RawBuilder<unknown> | undefined;
}

/** All tables with data of a tenant. A new one belongs in here, and in the erasure. */
export const EXPORT_TABLES: readonly ExportTable[] = [
  { type: 'session', table: 'sessions', key: ['session_id'], where: ofSession },
  { type: 'message', table: 'messages', key: ['session_id', 'position'], where: inSession },
  { type: 'summary', table: 'summaries', key: ['session_id'], where: inSession },
  { type: 'run', table: 'runs', key: ['run_id'], where: ofRun },
  { type: 'event', table: 'events', key: ['run_id', 'sequence'], where: onRun },
  { type: 'step', table: 'steps', key: ['run_id', 'step'], where: onRun },
  { type: 'approval', table: 'approvals', key: ['run_id', 'approval_id'], where: onRun },
  {
    type: 'idempotency_key',
    table: 'idempotency_keys',
    key: ['run_id', 'caller', 'route', 'idempotency_key'],
    where: onRun,
  },
  { type: 'webhook', table: 'webhooks', key: ['run_id'], where: ofWebhook },
  { type: 'api_key', table: 'api_keys', key: ['key_id'], where: ofTenant },
  { type: 'usage', table: 'usage', key: ['day', 'caller', 'role', 'model', 'replica_id'], where: ofTenant },
  { type: 'audit_entry', table: 'audit_entries', key: ['sequence'], where: ofEntry },
];

/** Columns with hashes of key secrets, which an export leaves out. */
export const SECRET_COLUMNS: ReadonlySet<string> = new Set(['hash', 'previous_hash']);

function ofSession({ tenant, sessionId, endUser }: DataSubject): RawBuilder<unknown> {
  if (sessionId !== undefined) return sql`tenant = ${tenant} and session_id = ${sessionId}`;
  if (endUser !== undefined) return sql`tenant = ${tenant} and end_user = ${endUser}`;
  return sql`tenant = ${tenant}`;
}

function inSession(subject: DataSubject): RawBuilder<unknown> {
  if (subject.endUser === undefined) return ofSession(subject);
  return sql`tenant = ${subject.tenant} and session_id in (select session_id from sessions where ${ofSession(subject)})`;
}

/** Runs for the end user, and runs for others in the end user's sessions. */
function ofRun(subject: DataSubject): RawBuilder<unknown> {
  if (subject.endUser === undefined) return ofSession(subject);
  return sql`tenant = ${subject.tenant} and (end_user = ${subject.endUser}
    or session_id in (select session_id from sessions where ${ofSession(subject)}))`;
}

function onRun(subject: DataSubject): RawBuilder<unknown> {
  return sql`run_id in (select run_id from runs where ${ofRun(subject)})`;
}

/** A webhook may outlive its run, but not its session. */
function ofWebhook(subject: DataSubject): RawBuilder<unknown> {
  return subject.endUser === undefined ? ofSession(subject) : sql`(${inSession(subject)} or ${onRun(subject)})`;
}

function ofTenant({ tenant, sessionId, endUser }: DataSubject): RawBuilder<unknown> | undefined {
  return sessionId === undefined && endUser === undefined ? sql`tenant = ${tenant}` : undefined;
}

/** Audit entries about the data of an end user, by any actor. */
function ofEntry(subject: DataSubject): RawBuilder<unknown> | undefined {
  const { tenant, endUser } = subject;
  if (endUser === undefined) return ofTenant(subject);
  return sql`tenant = ${tenant} and subject in
    (select subject from audit_subjects where tenant = ${tenant} and end_user = ${endUser})`;
}
