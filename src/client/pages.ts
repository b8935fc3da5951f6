import { type Check, paged } from './answers.js';
import type { ListOptions } from './client.options.js';
import type { Call, Transport } from './transport.js';

/** A list of the API. */
interface Listed<T> {
  readonly path: string;
  readonly isItem: Check<T>;
  readonly filter?: Call['query'];
}

/** Yields all items. Fetches each page on demand. */
export async function* pagesOf<T>(
  transport: Transport,
  { path, isItem, filter = {} }: Listed<T>,
  { pageSize: limit, tenant, ...options }: ListOptions,
): AsyncGenerator<T, void, undefined> {
  const isPage = paged(isItem);
  let cursor: string | undefined;
  do {
    const query = { ...filter, tenant, limit, cursor };
    const page = await transport.json({ ...options, method: 'GET', path, query, isRepeatable: true }, isPage);
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
