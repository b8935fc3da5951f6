import { createHash } from 'node:crypto';
import type { Selectable } from 'kysely';
import { isObject } from '../json/json.object.js';
import { readStoredJson } from '../json/stored.json.js';
import type { AuditEntryTable } from '../storage/tables/audit.schema.js';

/** The actions that the audit records. */
export const AUDIT_ACTIONS = [
  'key.created',
  'key.changed',
  'key.rotated',
  'key.revoked',
  'session.deleted',
  'approval.decided',
  'data.exported',
  'data.erased',
  'audit.exported',
  'switch.changed',
  'webhook_secrets.read',
  'tenant.read',
  'auth.denied',
  'auth.failed',
] as const;

/** The kind of an audited action. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** Additional facts about an action. They contain no secrets and no text of conversations. */
export type AuditDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** One audited action, as it is read and exported. The hash covers all other fields, so every field is present. */
export interface AuditEntry {
  /** 1, 2, 3 … without gaps, across all tenants. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** The tenant that the action concerns. */
  readonly tenant: string;
  /** The id of the principal that acted: `key:…`, `cli:…`, or `subject:…` for an end user. */
  readonly actor: string;
  /** The pseudonym of the end user whose data is affected; null: the data of the tenant. */
  readonly subject: string | null;
  /** An `AuditAction`. */
  readonly action: string;
  /** The object of the action: `key:…`, `session:…`, `run:…`, `subject:…`, `tenant:…`, `role:…`, `tool:…`. */
  readonly target: string;
  /** Additional facts, possibly none. */
  readonly details: AuditDetails;
  /** The id of the request; null if the action was not requested over the network. */
  readonly request_id: string | null;
  /** The hash of the previous entry; 64 zeros in the first entry. */
  readonly previous_hash: string;
  /** The hex SHA-256 of all other fields, as JSON with sorted names and no spaces. */
  readonly hash: string;
}

export type AuditEntryRow = Selectable<AuditEntryTable>;

/** The `previous_hash` of the first entry. */
export const NO_HASH = '0'.repeat(64);

/** Adds the hash to an entry. */
export function withHash(entry: Omit<AuditEntry, 'hash'>): AuditEntry {
  return { ...entry, hash: hashOf(entry) };
}

/** Returns the hex SHA-256 of all fields except `hash`, as JSON with sorted names and no spaces. */
export function hashOf(entry: object): string {
  const { hash: _, ...fields } = { hash: undefined, ...entry };
  return createHash('sha256').update(canonical(fields)).digest('hex');
}

export function toRow(entry: AuditEntry): AuditEntryRow {
  return { ...entry, at: Date.parse(entry.at), details: JSON.stringify(entry.details) };
}

/**
 * Names each field: the hash covers no column that a newer release adds.
 *
 * @throws StoredJsonError if the details are not readable, which means that somebody has changed the row.
 */
export function toEntry({ sequence, at, tenant, actor, ...row }: AuditEntryRow): AuditEntry {
  const { subject, action, target, request_id, previous_hash, hash } = row;
  const details = readStoredJson(row.details, 'audit_entries.details', isAuditDetails);
  const time = new Date(at).toISOString();
  return { sequence, at: time, tenant, actor, subject, action, target, details, request_id, previous_hash, hash };
}

/** The hash proves the fields. A newer release may store other kinds of values, and NaN is stored as null. */
function isAuditDetails(value: unknown): value is AuditDetails {
  return isObject(value);
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`;
}
