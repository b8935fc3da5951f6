/** A query for session ids. */
interface IdQuery {
  limit(count: number): IdQuery;
  execute(): Promise<{ readonly session_id: string }[]>;
}

/**
 * The distinct ids that the queries find. A union would read all rows of both queries, even if only a few are needed.
 * So the second query runs only if the first one finds too few.
 */
export async function distinctIds(queries: readonly IdQuery[], limit: number): Promise<string[]> {
  const ids = new Set<string>();
  for (const query of queries) {
    if (ids.size >= limit) break;
    const rows = await query.limit(limit - ids.size).execute();
    for (const { session_id } of rows) ids.add(session_id);
  }
  return [...ids];
}
