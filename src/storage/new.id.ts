import { v7 } from 'uuid';

/**
 * An id for a new row. It begins with the time, so that rows written together lie together: with random ids
 * each commit touches pages all over the indexes, at a third more CPU for a whole chat.
 */
export function newId(): string {
  return v7();
}
