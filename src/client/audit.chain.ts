import type { AuditEntry } from './api.names.js';
import { hexOf } from './random.id.js';

/** The result of `audit.verify`. */
export interface AuditReport {
  /** The number of intact entries, counted from the first. */
  readonly entries: number;
  /** The last intact entry. Store it elsewhere, to prove later that the audit still has it. */
  readonly head?: { readonly sequence: number; readonly hash: string } | undefined;
  /** The first entry that was changed or is missing; undefined if all are intact. */
  readonly broken?: { readonly sequence: number; readonly reason: string } | undefined;
}

const NO_HASH = '0'.repeat(64);

/**
 * Verifies the entries from the first one. Stops at the first that does not continue the chain.
 *
 * @throws TypeError in a page that has no `crypto.subtle`.
 */
export async function verifyEntries(entries: AsyncIterable<AuditEntry>): Promise<AuditReport> {
  if (!('subtle' in crypto)) throw new TypeError('Hashes can be verified only in pages of https or localhost.');
  let head = { sequence: 0, hash: NO_HASH };
  let count = 0;
  const report = () => ({ entries: count, head: count === 0 ? undefined : head });
  for await (const entry of entries) {
    const reason = await faultOf(entry, head);
    if (reason !== undefined) return { ...report(), broken: { sequence: head.sequence + 1, reason } };
    head = { sequence: entry.sequence, hash: entry.hash };
    count += 1;
  }
  return report();
}

async function faultOf(entry: AuditEntry, head: NonNullable<AuditReport['head']>): Promise<string | undefined> {
  if (entry.sequence !== head.sequence + 1) return `it is missing; the next entry is ${entry.sequence}`;
  if (entry.previous_hash !== head.hash) return 'its previous_hash does not match the entry before';
  return (await hashOf(entry)) === entry.hash ? undefined : 'it was changed: its hash does not match';
}

async function hashOf(entry: AuditEntry): Promise<string> {
  const { hash: _, ...fields } = entry;
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(canonical(fields)));
  return hexOf(new Uint8Array(digest));
}

/** JSON with sorted names and no spaces. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return `{${fields.map(([name, each]) => `${JSON.stringify(name)}:${canonical(each)}`).join(',')}}`;
}
