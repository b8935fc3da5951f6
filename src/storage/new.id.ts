import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES = 16;
/** Random bytes for many ids: a draw for each id would cost more than the rest of the id. */
const pool = new Uint8Array(RANDOM_BYTES * 256);
let used = pool.length;
/** The time of the last id, in epoch milliseconds, and its place within it. */
let last = { ms: 0, place: 0 };

/**
 * An id for a new row. It begins with the time, so that rows written together are stored together. Random ids would
 * touch pages all over the indexes in each commit. That takes a third more CPU for a whole chat. Ids of a process have the
 * order of their calls, also within a millisecond: it decides which of two runs came first.
 */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  const ms = Math.max(Date.now(), last.ms);
  // Half of the places are left for later ids of the same millisecond.
  const place = ms === last.ms ? last.place + 1 : new DataView(random.buffer, random.byteOffset).getUint32(0) >>> 1;
  last = { ms, place };
  return v7({ random, msecs: ms, seq: place });
}
