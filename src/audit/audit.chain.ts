import { hashOf, NO_HASH } from './audit.entry.js';

/** A place in the chain that was noted elsewhere. */
export interface ChainAnchor {
  readonly sequence: number;
  readonly hash: string;
}

/** What was found of a chain of entries. */
export interface ChainReport {
  /** How many are good, from the first on. */
  readonly entries: number;
  readonly first?: number | undefined;
  /** The last good one: who notes it elsewhere can tell later whether it is still there. */
  readonly head?: ChainAnchor | undefined;
  /** The first one that is not as it was written, or what is missing. */
  readonly broken?: { readonly sequence: number; readonly reason: string } | undefined;
}

export interface ChainOptions {
  /** Whether the first entry must be the very first. Default: true. */
  readonly isWhole?: boolean | undefined;
  /** An entry that must be there, with this hash. */
  readonly anchor?: ChainAnchor | undefined;
}

/** Walks the entries in their order, and stops at the first that does not follow from the one before. */
export async function verifyChain(
  entries: AsyncIterable<unknown>,
  { isWhole = true, anchor }: ChainOptions = {},
): Promise<ChainReport> {
  let [count, first]: [number, number | undefined] = [0, undefined];
  let head: ChainAnchor | undefined = isWhole ? { sequence: 0, hash: NO_HASH } : undefined;
  let isAnchored = anchor === undefined;
  const report = (broken?: ChainReport['broken']): ChainReport => ({
    entries: count,
    first,
    head: count === 0 ? undefined : head,
    broken,
  });
  for await (const entry of entries) {
    const expected = head === undefined ? undefined : head.sequence + 1;
    const link = linkOf(entry);
    if (typeof link === 'string') return report({ sequence: expected ?? 0, reason: link });
    const { sequence, hash, previous_hash } = link;
    if (expected !== undefined && sequence !== expected) {
      return report({ sequence: expected, reason: `it is missing: what comes next is ${sequence}` });
    }
    if (head === undefined && anchor?.sequence === sequence - 1) {
      if (previous_hash !== anchor.hash) return report({ sequence, reason: 'it does not follow from the anchor' });
      isAnchored = true;
    }
    if (head !== undefined && previous_hash !== head.hash) {
      return report({ sequence, reason: 'it does not follow from the entry before' });
    }
    if (hashOf(link) !== hash) return report({ sequence, reason: 'it was changed: its hash is another' });
    if (anchor?.sequence === sequence) {
      if (anchor.hash !== hash) return report({ sequence, reason: 'it is another than the anchor' });
      isAnchored = true;
    }
    first ??= sequence;
    head = { sequence, hash };
    count += 1;
  }
  if (!isAnchored) return report({ sequence: anchor?.sequence ?? 0, reason: 'the anchor is not there' });
  return report();
}

interface Link {
  readonly sequence: number;
  readonly previous_hash: string;
  readonly hash: string;
}

/** What chains an entry, or why it is none. */
function linkOf(entry: unknown): Link | string {
  if (typeof entry !== 'object' || entry === null) return 'it cannot be read';
  if (!('sequence' in entry && 'previous_hash' in entry && 'hash' in entry)) return 'it is no entry of an audit';
  const { sequence, previous_hash, hash } = entry;
  if (typeof sequence !== 'number' || !Number.isSafeInteger(sequence)) return 'its sequence is no number';
  if (typeof previous_hash !== 'string' || typeof hash !== 'string') return 'its hashes are no text';
  return { ...entry, sequence, previous_hash, hash };
}
