import { Injectable } from '@nestjs/common';
import type { Kysely, Transaction } from 'kysely';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import { bigintSum } from '../storage/bigint.sum.js';

/** The lifetime of a reservation. Afterwards it no longer counts. */
const RESERVATION_TTL_MS = 3_600_000;

/** Tokens, and their cost in nano-dollars (US). */
export interface Amount {
  readonly tokens: number;
  readonly cost: number;
}

/** Identifies a monthly budget. */
export interface BudgetKey {
  readonly tenant: string;
  /** The id of a principal. `''`: the whole tenant. */
  readonly payer: string;
  /** `2026-01`, UTC. */
  readonly month: string;
}

/** The used part of a budget, and the highest percentage of which its owner was warned. */
export interface WarnedAmount extends Amount {
  readonly warned_percent: number;
}

/** The used and the reserved part of a budget. */
export interface BudgetUsage {
  readonly used: WarnedAmount;
  /** Reserved for calls in progress. */
  readonly reserved: Amount;
}

/** Stores budgets and reservations. One replica at a time changes a budget. */
@Injectable()
export class BudgetsRepository {
  constructor(private readonly database: Database) {}

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
    const { query } = this.database;
    return (await this.#find(key, query)) ?? { ...(await this.#usedBefore(key, query)), warned_percent: 0 };
  }

  /** Returns the usage of a budget, and locks the budget until the commit. */
  async usageOf(key: BudgetKey, transaction: Transaction<Schema>): Promise<BudgetUsage> {
    const locked = await this.#lock(key, transaction);
    if (!locked) await this.#begin(key, transaction);
    const used = locked ?? (await this.#lock(key, transaction)) ?? { tokens: 0, cost: 0, warned_percent: 0 };
    const reserved = await transaction
      .selectFrom('reservations')
      .select([bigintSum('tokens').as('tokens'), bigintSum('cost').as('cost')])
      .where('tenant', '=', key.tenant)
      .where('payer', '=', key.payer)
      .where('month', '=', key.month)
      .where('created_at', '>', Date.now() - RESERVATION_TTL_MS)
      .where('owner', 'in', (of) => of.selectFrom('replicas').select('replica_id'))
      .executeTakeFirstOrThrow();
    return { used, reserved };
  }

  async reserve(
    id: string,
    owner: string,
    parts: readonly (BudgetKey & Amount)[],
    transaction: Transaction<Schema>,
  ): Promise<void> {
    const now = Date.now();
    await transaction
      .insertInto('reservations')
      .values(parts.map((part) => ({ ...part, reservation_id: id, owner, created_at: now })))
      .execute();
  }

  /** Removes a reservation. Returns false if it does not exist. */
  async release(id: string, transaction: Transaction<Schema>): Promise<boolean> {
    const { numDeletedRows } = await transaction
      .deleteFrom('reservations')
      .where('reservation_id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** Adds usage. Returns the amount used in the month so far, and the last warned percentage. */
  async addUsage(key: BudgetKey, { tokens, cost }: Amount, transaction: Transaction<Schema>) {
    return await transaction
      .updateTable('budgets')
      .set((column) => ({ tokens: column('tokens', '+', tokens), cost: column('cost', '+', cost) }))
      .where('tenant', '=', key.tenant)
      .where('payer', '=', key.payer)
      .where('month', '=', key.month)
      .returning(['tokens', 'cost', 'warned_percent'])
      .executeTakeFirst();
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

  async #find(key: BudgetKey, query: Kysely<Schema>): Promise<WarnedAmount | undefined> {
    return await query
      .selectFrom('budgets')
      .select(['tokens', 'cost', 'warned_percent'])
      .where('tenant', '=', key.tenant)
      .where('payer', '=', key.payer)
      .where('month', '=', key.month)
      .executeTakeFirst();
  }

  async #lock(
    { tenant, payer, month }: BudgetKey,
    transaction: Transaction<Schema>,
  ): Promise<WarnedAmount | undefined> {
    return await transaction
      .updateTable('budgets')
      // An update locks the row on both SQLite and PostgreSQL.
      .set((column) => ({ tokens: column.ref('tokens') }))
      .where('tenant', '=', tenant)
      .where('payer', '=', payer)
      .where('month', '=', month)
      .returning(['tokens', 'cost', 'warned_percent'])
      .executeTakeFirst();
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
