import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { AuditEntryTable } from '../storage/audit.schema.js';

/** What is kept in the audit. */
export const AUDIT_ACTIONS = [
  'key.created',
  'key.rotated',
  'key.revoked',
  'session.deleted',
  'approval.decided',
  'data.exported',
  'data.erased',
  'audit.exported',
] as const;

/** One kind of deed. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** What an entry adds to its action; no secrets, and nothing of what was said. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One deed, as it is read and exported. Its hash covers all other fields, so none is ever left out. */
export interface AuditEntry {
  /** 1, 2, 3 … without a gap, of all tenants together. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly tenant: string;
  /** The id of the principal that did it: `key:…`, `cli:…`, or `subject:…` for an end user. */
  readonly actor: string;
  /** The pseudonym of the end user whose data it is; null: the tenant's own. */
  readonly subject: string | null;
  readonly action: string;
  /** What it was done to: `key:…`, `session:…`, `run:…`, `subject:…`, `tenant:…`. */
  readonly target: string;
  readonly details: AuditDetails;
  readonly request_id: string | null;
  /** That of the entry before; 64 zeros in the first. */
  readonly previous_hash: string;
  readonly hash: string;
}

export type AuditEntryRow = Selectable<AuditEntryTable>;

/** What the first entry has in the place of a hash before it. */
export const NO_HASH = '0'.repeat(64);

/** The entry with its hash. */
export function sealed(entry: Omit<AuditEntry, 'hash'>): AuditEntry {
  return { ...entry, hash: hashOf(entry) };
}

/** SHA-256, in hex, of all fields but `hash`, as JSON with sorted names and no spaces. */
export function hashOf(entry: object): string {
  const { hash: _, ...fields } = { hash: undefined, ...entry };
  return createHash('sha256').update(canonical(fields)).digest('hex');
}

export function toRow(entry: AuditEntry): AuditEntryRow {
  return { ...entry, at: Date.parse(entry.at), details: JSON.stringify(entry.details) };
}

/** @throws Error where the details are no JSON: somebody has changed them. */
export function toEntry({ sequence, at, tenant, actor, ...row }: AuditEntryRow): AuditEntry {
  const { subject, action, target, request_id, previous_hash, hash } = row;
  const details: AuditDetails = JSON.parse(row.details);
  const time = new Date(at).toISOString();
  return { sequence, at: time, tenant, actor, subject, action, target, details, request_id, previous_hash, hash };
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`;
}
