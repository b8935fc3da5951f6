/**
 * A page of rows, which were read with one more than `limit`: that one shows whether there is a next page.
 *
 * @param cursorOf the cursor of the page after a row.
 */
export function pageOf<Row, T>(
  rows: readonly Row[],
  limit: number,
  toItem: (row: Row) => T,
  cursorOf: (row: Row) => string,
): { items: T[]; next_cursor: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), next_cursor: rows.length > limit && last ? cursorOf(last) : null };
}
