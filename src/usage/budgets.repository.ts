import { Injectable } from '@nestjs/common';
import { type Kysely, sql, type Transaction } from 'kysely';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import { wholeSum } from '../storage/whole.sum.js';

/** A reservation counts no longer than this, whatever became of it. */
const LONGEST_MS = 3_600_000;

/** Tokens, and what they cost in thousand-millionths of a US dollar. */
export interface Amount {
  readonly tokens: number;
  readonly cost: number;
}

/** Whose budget, of which month. */
export interface BudgetKey {
  readonly tenant: string;
  /** The id of a principal; `''`: the tenant. */
  readonly payer: string;
  /** `2026-01`, UTC. */
  readonly month: string;
}

/** How a budget stands. */
export interface Standing {
  readonly used: Amount;
  /** For calls under way. */
  readonly reserved: Amount;
}

/** The rows of budgets. All that is done here in one commit is done by one replica at a time. */
@Injectable()
export class BudgetsRepository {
  constructor(private readonly database: Database) {}

  /** Runs `work` while no other replica looks at budgets or changes them. */
  async alone<T>(work: (transaction: Transaction<Schema>) => Promise<T>): Promise<T> {
    return await this.database.write(
      async (transaction) => {
        if (this.database.dialect === 'postgres') {
          await sql`select pg_advisory_xact_lock(hashtext('rookery.budgets'))`.execute(transaction);
        }
        return await work(transaction);
      },
      { durability: 'process' },
    );
  }

  /** The amount used in the month so far, without a lock. */
  async used(key: BudgetKey): Promise<Amount> {
    const { query } = this.database;
    return (await this.#find(key, query)) ?? (await this.#usedBefore(key, query));
  }

  async standing(key: BudgetKey, transaction: Transaction<Schema>): Promise<Standing> {
    const used = (await this.#find(key, transaction)) ?? (await this.#begin(key, transaction));
    const reserved = await transaction
      .selectFrom('reservations')
      .select([wholeSum('tokens').as('tokens'), wholeSum('cost').as('cost')])
      .where('tenant', '=', key.tenant)
      .where('payer', '=', key.payer)
      .where('month', '=', key.month)
      .where('created_at', '>', Date.now() - LONGEST_MS)
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

  /** Takes a reservation back. False if there is none. */
  async release(id: string, transaction: Transaction<Schema>): Promise<boolean> {
    const { numDeletedRows } = await transaction
      .deleteFrom('reservations')
      .where('reservation_id', '=', id)
      .executeTakeFirst();
    return numDeletedRows > 0n;
  }

  /** Counts what was used. Gives what has been used in the month so far, and of how much of it was warned. */
  async spend({ tenant, payer, month }: BudgetKey, { tokens, cost }: Amount, transaction: Transaction<Schema>) {
    return await transaction
      .updateTable('budgets')
      .set((column) => ({ tokens: column('tokens', '+', tokens), cost: column('cost', '+', cost) }))
      .where('tenant', '=', tenant)
      .where('payer', '=', payer)
      .where('month', '=', month)
      .returning(['tokens', 'cost', 'warned_percent'])
      .executeTakeFirst();
  }

  async noteWarning(
    { tenant, payer, month }: BudgetKey,
    percent: number,
    transaction: Transaction<Schema>,
  ): Promise<void> {
    await transaction
      .updateTable('budgets')
      .set({ warned_percent: percent })
      .where('tenant', '=', tenant)
      .where('payer', '=', payer)
      .where('month', '=', month)
      .execute();
  }

  /** Removes the reservations that no longer count. */
  async sweep(): Promise<void> {
    await this.alone((transaction) =>
      transaction
        .deleteFrom('reservations')
        .where((of) =>
          of.or([
            of('created_at', '<=', Date.now() - LONGEST_MS),
            of('owner', 'not in', of.selectFrom('replicas').select('replica_id')),
          ]),
        )
        .execute(),
    );
  }

  async #find({ tenant, payer, month }: BudgetKey, query: Kysely<Schema>): Promise<Amount | undefined> {
    return await query
      .selectFrom('budgets')
      .select(['tokens', 'cost'])
      .where('tenant', '=', tenant)
      .where('payer', '=', payer)
      .where('month', '=', month)
      .executeTakeFirst();
  }

  /** A budget that is set within a month begins with the amount used before. */
  async #begin(key: BudgetKey, transaction: Transaction<Schema>): Promise<Amount> {
    const used = await this.#usedBefore(key, transaction);
    await transaction
      .insertInto('budgets')
      .values({ ...key, ...used, warned_percent: 0 })
      .execute();
    return used;
  }

  /** The sum of the usage, for a budget without a row. */
  async #usedBefore({ tenant, payer, month }: BudgetKey, query: Kysely<Schema>): Promise<Amount> {
    let usage = query
      .selectFrom('usage')
      .select([wholeSum('input_tokens', 'output_tokens').as('tokens'), wholeSum('cost').as('cost')])
      .where('tenant', '=', tenant)
      // Each day is named, so that the rows of other callers are not read.
      .where('day', 'in', daysOf(month));
    if (payer !== '') usage = usage.where('caller', '=', payer);
    return await usage.executeTakeFirstOrThrow();
  }
}

/** `2026-01-01` to `2026-01-31`; a day that a month does not have has no rows. */
function daysOf(month: string): string[] {
  return Array.from({ length: 31 }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`);
}
