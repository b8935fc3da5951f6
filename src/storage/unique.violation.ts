import { PostgresAdapter, sql, type Transaction } from 'kysely';
import { isObject } from '../json/json.object.js';
import type { Schema } from './schema.js';

const UNIQUE_VIOLATION = '23505';

/**
 * Runs `work`, unless a unique index refuses it: another replica may write the same key concurrently. The transaction
 * continues in both cases. SQLite has one writer, which sees all rows.
 *
 * @returns undefined if the index refused it.
 */
export async function ignoreUniqueViolation<T>(
  transaction: Transaction<Schema>,
  work: () => Promise<T>,
): Promise<T | undefined> {
  if (!(transaction.getExecutor().adapter instanceof PostgresAdapter)) return await work();
  await sql`savepoint unless_taken`.execute(transaction);
  try {
    const result = await work();
    await sql`release savepoint unless_taken`.execute(transaction);
    return result;
  } catch (reason) {
    if (!isObject(reason) || reason.code !== UNIQUE_VIOLATION) throw reason;
    await sql`rollback to savepoint unless_taken`.execute(transaction);
    return undefined;
  }
}
