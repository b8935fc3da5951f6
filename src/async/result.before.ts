import { within } from './within.js';

/**
 * The result of work that nothing depends on any more; undefined if it fails or is late.
 *
 * @param endsAt on the clock of `performance.now()`.
 */
export function resultBefore<T>(work: Promise<T>, endsAt: number): Promise<T | undefined> {
  return within(
    Math.max(0, endsAt - performance.now()),
    work.catch(() => undefined),
  );
}
