import { type RawBuilder, sql } from 'kysely';

/** The sum of columns, or 0 if no row matches. PostgreSQL returns sum(bigint) as numeric, so it is cast back. */
export function bigintSum(...columns: readonly string[]): RawBuilder<number> {
  const sum = sql.join(
    columns.map((column) => sql.ref(column)),
    sql` + `,
  );
  return sql<number>`cast(coalesce(sum(${sum}), 0) as bigint)`;
}
