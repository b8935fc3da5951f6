import { Injectable } from '@nestjs/common';
import type { Kysely, Transaction } from 'kysely';
import { bigintSum } from '../storage/bigint.sum.js';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import { Statement } from '../storage/statements/statement.js';
import type { Amount, BudgetKey, BudgetUsage, WarnedAmount } from './budget.amounts.js';
import { LocalBudgets } from './local.budgets.js';

/** The lifetime of a reservation. Afterwards it no longer counts. */
const RESERVATION_TTL_MS = 3_600_000;

const FIND = new Statement<WarnedAmount>(`
  select tokens, cost, warned_percent from budgets where tenant = ? and payer = ? and month = ?`);

/** An update locks the row. */
const LOCK = new Statement<WarnedAmount>(`
  update budgets set tokens = tokens where tenant = ? and payer = ? and month = ?
  returning tokens, cost, warned_percent`);

const SUM_RESERVED = new Statement<Amount>(`
  select cast(coalesce(sum(tokens), 0) as bigint) as tokens, cast(coalesce(sum(cost), 0) as bigint) as cost
  from reservations where tenant = ? and payer = ? and month = ? and created_at > ?
    and owner in (select replica_id from replicas)`);

const RESERVE = new Statement(`
  insert into reservations (reservation_id, tenant, payer, month, tokens, cost, owner, created_at)
  values (?, ?, ?, ?, ?, ?, ?, ?)`);

const RELEASE = new Statement('delete from reservations where reservation_id = ?');

const ADD_USAGE = new Statement<WarnedAmount>(`
  update budgets set tokens = tokens + ?, cost = cost + ? where tenant = ? and payer = ? and month = ?
  returning tokens, cost, warned_percent`);

const NOTHING: Amount = { tokens: 0, cost: 0 };

/** Stores budgets and reservations. One replica at a time changes a budget. */
@Injectable()
export class BudgetsRepository {
  /** Only for a database of one process. Replicas share their reservations in the database. */
  readonly local: LocalBudgets | undefined;

  constructor(private readonly database: Database) {
    this.local = database.dialect === 'sqlite' ? new LocalBudgets() : undefined;
  }

  /**
   * Runs `work` in a transaction that may lock budgets.
   *
   * @param budgets in the order in which `work` locks them: that of the tenant before that of a caller.
   */
  async write<T>(
    budgets: readonly { readonly key: BudgetKey }[],
    work: (transaction: Transaction<Schema>) => Promise<T>,
  ): Promise<T> {
    const lock = budgets.map(({ key }) => `${key.month}/${key.tenant}/${key.payer}`).at(0);
    return await this.database.write(work, { durability: 'process', lock });
  }

  /** Creates the rows of budgets that have none, with the usage of their months so far. */
  async begin(budgets: readonly { readonly key: BudgetKey }[]): Promise<void> {
    await this.write(budgets, async (transaction) => {
      for (const { key } of budgets) await this.#begin(key, transaction);
    });
  }

  /** Returns the amount used in the month so far, without a lock. */
  async used(key: BudgetKey): Promise<WarnedAmount> {
    const known = this.local?.usageOf(key);
    if (known) return known.used;
    const { query } = this.database;
    return (await this.#find(key, query)) ?? { ...(await this.#usedBefore(key, query)), warned_percent: 0 };
  }

  /** Returns the usage of a budget, and locks the budget until the commit. */
  async usageOf(key: BudgetKey, transaction: Transaction<Schema>): Promise<BudgetUsage> {
    const found = await this.#lockedUsage(key, transaction);
    if (found) return found;
    await this.#begin(key, transaction);
    return (
      (await this.#lockedUsage(key, transaction)) ?? { used: { ...NOTHING, warned_percent: 0 }, reserved: NOTHING }
    );
  }

  async reserve(
    id: string,
    owner: string,
    parts: readonly (BudgetKey & Amount)[],
    transaction: Transaction<Schema>,
  ): Promise<void> {
    if (this.local) return this.local.reserve(id, parts);
    const now = Date.now();
    for (const { tenant, payer, month, tokens, cost } of parts) {
      await RESERVE.execute(transaction, id, tenant, payer, month, tokens, cost, owner, now);
    }
  }

  /** Removes a stored reservation. Returns false if it does not exist. A local one is settled until the commit. */
  async release(id: string, transaction: Transaction<Schema>): Promise<boolean> {
    return this.local ? this.local.settle(id) : await RELEASE.expect(transaction, id);
  }

  /** Adds usage. Returns the amount used in the month so far, and the last warned percentage. */
  async addUsage(
    { tenant, payer, month }: BudgetKey,
    { tokens, cost }: Amount,
    transaction: Transaction<Schema>,
  ): Promise<WarnedAmount | undefined> {
    const [row] = await ADD_USAGE.query(transaction, tokens, cost, tenant, payer, month);
    return row;
  }

  async recordWarning(key: BudgetKey, percent: number, transaction: Transaction<Schema>): Promise<void> {
    await transaction
      .updateTable('budgets')
      .set({ warned_percent: percent })
      .where('tenant', '=', key.tenant)
      .where('payer', '=', key.payer)
      .where('month', '=', key.month)
      .execute();
  }

  /** Removes the reservations that no longer count. */
  async removeExpired(): Promise<void> {
    await this.database.write(
      (transaction) =>
        transaction
          .deleteFrom('reservations')
          .where((of) =>
            of.or([
              of('created_at', '<=', Date.now() - RESERVATION_TTL_MS),
              of('owner', 'not in', of.selectFrom('replicas').select('replica_id')),
            ]),
          )
          .execute(),
      { durability: 'process' },
    );
  }

  async #find({ tenant, payer, month }: BudgetKey, query: Kysely<Schema>): Promise<WarnedAmount | undefined> {
    const [row] = await FIND.query(query, tenant, payer, month);
    return row;
  }

  /** Undefined: the budget has no row. */
  async #lockedUsage(key: BudgetKey, transaction: Transaction<Schema>): Promise<BudgetUsage | undefined> {
    if (this.local) {
      // A transaction locks the whole file.
      const used = await this.#find(key, transaction);
      return used && { used, reserved: this.local.reservedWithin(key) };
    }
    const { tenant, payer, month } = key;
    const [used] = await LOCK.query(transaction, tenant, payer, month);
    if (used === undefined) return undefined;
    // Only a statement that begins with the lock sees all reservations of other replicas.
    const since = Date.now() - RESERVATION_TTL_MS;
    const [reserved = NOTHING] = await SUM_RESERVED.query(transaction, tenant, payer, month, since);
    return { used, reserved };
  }

  /** Creates the row of a budget. A budget that is set within a month starts with the amount used before. */
  async #begin(key: BudgetKey, transaction: Transaction<Schema>): Promise<void> {
    await transaction
      .insertInto('budgets')
      .values({ ...key, ...(await this.#usedBefore(key, transaction)), warned_percent: 0 })
      // Another replica may create it at the same time.
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }

  /** Sums up the usage of a budget that has no row yet. */
  async #usedBefore({ tenant, payer, month }: BudgetKey, query: Kysely<Schema>): Promise<Amount> {
    let usage = query
      .selectFrom('usage')
      .select([bigintSum('input_tokens', 'output_tokens').as('tokens'), bigintSum('cost').as('cost')])
      .where('tenant', '=', tenant)
      // Lists each day, so that the index skips the rows of other callers.
      .where('day', 'in', daysOf(month));
    if (payer !== '') usage = usage.where('caller', '=', payer);
    return await usage.executeTakeFirstOrThrow();
  }
}

/** Returns `2026-01-01` to `2026-01-31`. Days that the month does not have match no rows. */
function daysOf(month: string): string[] {
  return Array.from({ length: 31 }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}
