import type { ResponseEvent } from './response.fold.js';

const TERMINAL: ReadonlySet<string> = new Set(['response.completed', 'response.incomplete', 'response.failed']);
const DONE = 'data: [DONE]\n\n';

/**
 * Frames events as server-sent events, after a number. They have no `id`: clients resume by the number in the event.
 */
export async function* toEventText(
  batches: AsyncIterable<readonly ResponseEvent[]>,
  after = -1,
): AsyncGenerator<string> {
  for await (const batch of batches) {
    const isLast = TERMINAL.has(batch.at(-1)?.type ?? '');
    const text = batch
      .filter(({ sequence }) => sequence > after)
      .map(({ type, data }) => `event: ${type}\ndata: ${data}\n\n`)
      .join('');
    if (text !== '' || isLast) yield isLast ? text + DONE : text;
  }
}
