import { type RawBuilder, sql } from 'kysely';
import type { Engine } from './engine.js';

/**
 * The time of a statement in epoch milliseconds, by the clock of the database: the clocks of machines differ. It is the
 * same throughout the statement, so that PostgreSQL can search an index for it. One process uses an SQLite file, so
 * its own clock is the one of the database.
 *
 * @param nowMs the time by the clock of this process.
 */
export function databaseClock(dialect: Engine['dialect'], nowMs = Date.now()): RawBuilder<number> {
  return dialect === 'postgres'
    ? sql<number>`cast(extract(epoch from statement_timestamp()) * 1000 as bigint)`
    : sql<number>`${nowMs}`;
}
