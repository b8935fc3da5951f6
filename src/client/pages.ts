import { type Check, paged } from './answers.js';
import type { Call, Transport } from './transport.js';

/** Yields all items. Fetches each page on demand. */
export async function* pagesOf<T>(
  transport: Transport,
  call: Call,
  isItem: Check<T>,
): AsyncGenerator<T, void, undefined> {
  const isPage = paged(isItem);
  let cursor: string | undefined;
  do {
    const page = await transport.json({ ...call, query: { ...call.query, cursor } }, isPage);
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
