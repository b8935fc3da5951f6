import { type RawBuilder, sql } from 'kysely';

/** The sum of columns, 0 where there is no row. PostgreSQL would give it as a text, for fear of its size. */
export function wholeSum(...columns: readonly string[]): RawBuilder<number> {
  const sum = sql.join(
    columns.map((column) => sql.ref(column)),
    sql` + `,
  );
  return sql<number>`cast(coalesce(sum(${sum}), 0) as bigint)`;
}
