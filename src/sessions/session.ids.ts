/** A query for ids of sessions. */
interface IdQuery {
  limit(count: number): IdQuery;
  execute(): Promise<{ readonly session_id: string }[]>;
}

/**
 * The ids that the queries find, each once. A union of the queries would read all their rows, even if only a few are
 * asked for, so the second is asked only if the first finds too few.
 *
 * @param limit how many at most; left out: all.
 */
export async function idsIn(queries: readonly IdQuery[], limit?: number): Promise<string[]> {
  const ids = new Set<string>();
  for (const query of queries) {
    if (limit !== undefined && ids.size >= limit) break;
    const rows = await (limit === undefined ? query : query.limit(limit - ids.size)).execute();
    for (const { session_id } of rows) ids.add(session_id);
  }
  return [...ids];
}
