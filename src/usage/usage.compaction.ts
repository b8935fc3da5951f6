import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from '../storage/database.js';
import type { Work } from '../storage/engine.js';
import type { Schema } from '../storage/schema.js';
import type { UsageTable } from '../storage/tables/usage.schema.js';
import { Statement } from '../storage/statements/statement.js';
import { addRows, dayOf } from './usage.repository.js';

const DAY_MS = 86_400_000;
/** Days for which usage is kept by day, at least. Months are folded as a whole, once their last day is older. */
const DAILY_DAYS = 92;
/** Rows per commit. */
const BATCH = 200;
/** Callers per commit, each with its days of a month. */
const CALLERS = 20;

const DELETE_ENDED = new Statement<UsageTable>(`
  delete from usage where (tenant, day, caller, role, model, replica_id) in (
    select tenant, day, caller, role, model, replica_id from usage
    where replica_id <> '' and day < ? and replica_id not in (select replica_id from replicas) limit ?
  ) returning *`);

/** The days of a month that are folded into its first, from the second. Days that no month has match no row. */
const DAY_NUMBERS = Array.from({ length: 30 }, (_, index) => String(index + 2).padStart(2, '0'));

/** All days of the first callers of a day: their month gets one row each. It lists the days, which precede callers in the index. */
const DELETE_CALLERS = new Statement<UsageTable>(`
  delete from usage where tenant = ? and day in (${DAY_NUMBERS.map(() => '?').join(', ')}) and caller in (
    select caller from usage where tenant = ? and day = ? order by caller limit ?
  ) returning *`);

/** In the index days precede callers, so the statement looks up each day. */
const DAYS_BEFORE = new Statement<{ day: string }>(`
  with recursive days (day) as (
    select min(day) from usage where tenant = ?
    union all
    select (select min(day) from usage where tenant = ? and day > days.day) from days where days.day < ?
  )
  select day from days where day < ? and day not like '%-01'`);

const TRY_LOCK = sql<{ isFree: boolean }>`select pg_try_advisory_xact_lock(hashtext('rookery.usage')) as "isFree"`;

/** Repeats the work, each time in a commit, until it returns false. */
type InBatches = (work: Work<boolean>) => Promise<void>;

/**
 * Keeps the table of usage small: one row for each caller, role and model a day, and after a quarter a month. The row of
 * a month has the day of its first. Each batch moves its rows in one commit, so sums are right at any time.
 */
@Injectable()
export class UsageCompaction {
  /** The first day that the last complete pass has left as it is. */
  #foldedBefore = '';

  constructor(private readonly database: Database) {}

  /** Merges the rows of dead replicas, so that each past day has one row per caller, role and model. */
  async mergeReplicas(now: number, inBatches: InBatches): Promise<void> {
    await inBatches(async (transaction) => {
      if (!(await this.#isAlone(transaction))) return false;
      const rows = await DELETE_ENDED.query(transaction, dayOf(now), BATCH);
      await addRows(transaction, rows, { replica_id: '' });
      return rows.length >= BATCH;
    });
  }

  /** Folds the days of months that ended a quarter ago into months. Looks for them once a month and at the start. */
  async foldMonths(now: number, inBatches: InBatches): Promise<void> {
    const before = `${dayOf(now - DAILY_DAYS * DAY_MS).slice(0, 7)}-01`;
    if (before === this.#foldedBefore) return;
    let isComplete = true;
    for (let tenant = await this.#tenantAfter(''); tenant !== null; tenant = await this.#tenantAfter(tenant)) {
      for (const day of await this.#daysOf(tenant, before)) {
        // Earlier days have taken most callers of this one with them.
        isComplete = (await this.#foldDay(tenant, day, inBatches)) && isComplete;
      }
    }
    if (isComplete) this.#foldedBefore = before;
  }

  /** Returns false if rows may be left: another replica is at work. */
  async #foldDay(tenant: string, day: string, inBatches: InBatches): Promise<boolean> {
    const month = day.slice(0, 7);
    let isComplete = false;
    await inBatches(async (transaction) => {
      if (!(await this.#isAlone(transaction))) return false;
      const days = DAY_NUMBERS.map((number) => `${month}-${number}`);
      const rows = await DELETE_CALLERS.query(transaction, tenant, ...days, tenant, day, CALLERS);
      await addRows(transaction, rows, { replica_id: '', day: `${month}-01` });
      isComplete = rows.filter((row) => row.day === day).length < CALLERS;
      return !isComplete;
    });
    return isComplete;
  }

  /** An erasure would miss the rows that a commit at the same moment moves. The next sweep moves them. */
  async #isAlone(transaction: Transaction<Schema>): Promise<boolean> {
    return this.database.dialect === 'sqlite' || (await TRY_LOCK.execute(transaction)).rows[0]?.isFree === true;
  }

  async #daysOf(tenant: string, before: string): Promise<string[]> {
    const { query } = this.database;
    const rows = await DAYS_BEFORE.query(query, tenant, tenant, before, before);
    return rows.map(({ day }) => day);
  }

  async #tenantAfter(tenant: string): Promise<string | null> {
    const { next } = await this.database.query
      .selectFrom('usage')
      .select((of) => of.fn.min<string | null>('tenant').as('next'))
      .where('tenant', '>', tenant)
      .executeTakeFirstOrThrow();
    return next;
  }
}
