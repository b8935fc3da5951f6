import { createContext, Script } from 'node:vm';

const PLACE: { work: () => void } = { work: () => undefined };
const CONTEXT = createContext(PLACE);
const CALL = new Script('work()');

/**
 * Does synchronous work, and ends it when it takes too long: what others have written decides how long it takes, as a
 * pattern does that goes over the same text again and again.
 *
 * @throws Error when the time is over, and what the work throws.
 */
export function withinTime<T>(limitMs: number, work: () => T): T {
  const results: T[] = [];
  PLACE.work = () => void results.push(work());
  try {
    CALL.runInContext(CONTEXT, { timeout: limitMs });
  } finally {
    PLACE.work = () => undefined;
  }
  const [result] = results;
  if (results.length === 0 || result === undefined) throw new Error('The work has no result.');
  return result;
}
