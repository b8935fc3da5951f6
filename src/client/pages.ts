import type { ListOptions } from './client.options.js';
import type { Call, Transport } from './transport.js';

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** Yields all items. Fetches each page on demand. */
export async function* pagesOf<T>(
  transport: Transport,
  path: string,
  { pageSize: limit, tenant, ...options }: ListOptions,
  filter: Call['query'] = {},
): AsyncGenerator<T, void, undefined> {
  let cursor: string | undefined;
  do {
    const query = { ...filter, tenant, limit, cursor };
    const page: Page<T> = await transport.json({ ...options, method: 'GET', path, query, isRepeatable: true });
    yield* page.items;
    cursor = page.next_cursor ?? undefined;
  } while (cursor !== undefined);
}
