import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

const RANDOM_BYTES = 16;
/** Random bytes for many ids: a draw for each id would cost more than the rest of the id. */
const pool = new Uint8Array(RANDOM_BYTES * 256);
let used = pool.length;

/**
 * An id for a new row. It begins with the time, so that rows written together are stored together. Random ids would
 * touch pages all over the indexes in each commit. That takes a third more CPU for a whole chat.
 */
export function newId(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const random = pool.subarray(used, used + RANDOM_BYTES);
  used += RANDOM_BYTES;
  return v7({ random });
}
