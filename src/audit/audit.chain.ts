import { hashOf, NO_HASH } from './audit.entry.js';

/** An entry of the chain that was recorded outside the database. */
export interface ChainAnchor {
  /** The number of the entry. */
  readonly sequence: number;
  /** The hash of the entry: 64 hex digits. */
  readonly hash: string;
}

/** The result of verifying a chain of entries. */
export interface ChainReport {
  /** The number of valid entries, counted from the first. */
  readonly entries: number;
  /** The sequence number of the first entry; undefined without entries. */
  readonly first?: number | undefined;
  /** The last valid entry. Store it elsewhere to check later that the chain still contains it. */
  readonly head?: ChainAnchor | undefined;
  /** The first entry that was changed or is missing. */
  readonly broken?: { readonly sequence: number; readonly reason: string } | undefined;
}

/**
 * Options of `verifyChain`.
 *
 * @example
 * import type { ChainOptions } from 'rookery';
 *
 * // An export that begins after entry 4711 of an earlier one.
 * const options: ChainOptions = { isComplete: false, anchor: { sequence: 4711, hash: '9f86d081…' } };
 */
export interface ChainOptions {
  /** Whether the chain must begin with entry 1. Default: true. */
  readonly isComplete?: boolean | undefined;
  /** @deprecated Use `isComplete`. */
  readonly isWhole?: boolean | undefined;
  /** An entry that the chain must contain, with this hash. */
  readonly anchor?: ChainAnchor | undefined;
}

/**
 * Verifies the entries in order and stops at the first one that does not continue the chain. It never throws for a bad
 * entry: `broken` says what is wrong. Errors of the source are thrown.
 *
 * @param entries parsed entries, such as the lines of an export.
 *
 * @example
 * import { createReadStream } from 'node:fs';
 * import { createInterface } from 'node:readline';
 * import { verifyChain } from 'rookery';
 *
 * async function* entries() {
 *   for await (const line of createInterface(createReadStream('audit.ndjson'))) yield JSON.parse(line);
 * }
 *
 * const { broken, head } = await verifyChain(entries());
 * console.log(broken ? `Entry ${broken.sequence}: ${broken.reason}` : `Intact up to entry ${head?.sequence}`);
 */
export async function verifyChain(
  entries: AsyncIterable<unknown>,
  { isWhole = true, isComplete = isWhole, anchor }: ChainOptions = {},
): Promise<ChainReport> {
  let report: ChainReport = { entries: 0, first: undefined, head: undefined, broken: undefined };
  let previous: ChainAnchor | undefined = isComplete ? { sequence: 0, hash: NO_HASH } : undefined;
  let isAnchored = anchor === undefined;
  for await (const entry of entries) {
    const expected = previous && previous.sequence + 1;
    const link = linkOf(entry);
    if (typeof link === 'string') return { ...report, broken: { sequence: expected ?? 0, reason: link } };
    const { sequence, hash } = link;
    if (expected !== undefined && sequence !== expected) {
      return { ...report, broken: { sequence: expected, reason: `it is missing; the next entry is ${sequence}` } };
    }
    const reason = faultOf(link, previous, anchor);
    if (reason !== undefined) return { ...report, broken: { sequence, reason } };
    isAnchored ||= anchor?.sequence === sequence || followsAnchor(link, previous, anchor);
    previous = { sequence, hash };
    report = { entries: report.entries + 1, first: report.first ?? sequence, head: previous, broken: undefined };
  }
  if (isAnchored) return report;
  return { ...report, broken: { sequence: anchor?.sequence ?? 0, reason: 'the anchor is missing' } };
}

/** Why the entry does not continue the chain; undefined if it does. */
function faultOf(link: Link, previous: ChainAnchor | undefined, anchor: ChainAnchor | undefined): string | undefined {
  const { sequence, hash, previous_hash } = link;
  if (followsAnchor(link, previous, anchor) && previous_hash !== anchor?.hash) {
    return 'its previous_hash does not match the anchor';
  }
  if (previous && previous_hash !== previous.hash) return 'its previous_hash does not match the entry before';
  if (hashOf(link) !== hash) return 'it was changed: its hash does not match';
  return anchor?.sequence === sequence && anchor.hash !== hash ? 'its hash does not match the anchor' : undefined;
}

/** Whether the chain begins with the entry after the anchor. */
function followsAnchor({ sequence }: Link, previous?: ChainAnchor, anchor?: ChainAnchor): boolean {
  return previous === undefined && anchor?.sequence === sequence - 1;
}

interface Link {
  readonly sequence: number;
  readonly previous_hash: string;
  readonly hash: string;
}

/** Returns the chain fields of an entry, or the reason why it is not an entry. */
function linkOf(entry: unknown): Link | string {
  if (typeof entry !== 'object' || entry === null) return 'it is not a JSON object';
  if (!('sequence' in entry && 'previous_hash' in entry && 'hash' in entry)) return 'it is not an audit entry';
  const { sequence, previous_hash, hash } = entry;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence)) return 'its sequence is not a whole number';
  if (typeof previous_hash !== 'string' || typeof hash !== 'string') return 'its hashes are not strings';
  return { ...entry, sequence, previous_hash, hash };
}
