import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from '../storage/database.js';
import type { Schema, UsageTable } from '../storage/schema.js';
import { Statement } from '../storage/statement.js';
import { wholeSum } from '../storage/whole.sum.js';
import type { Spent } from './spending.js';

const ADD = new Statement(`
  insert into usage (tenant, day, caller, role, model, replica_id,
    runs, input_tokens, cached_tokens, output_tokens, reasoning_tokens, cost)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (tenant, day, caller, role, model, replica_id) do update
  set runs = usage.runs + excluded.runs, input_tokens = usage.input_tokens + excluded.input_tokens,
    cached_tokens = usage.cached_tokens + excluded.cached_tokens,
    output_tokens = usage.output_tokens + excluded.output_tokens,
    reasoning_tokens = usage.reasoning_tokens + excluded.reasoning_tokens, cost = usage.cost + excluded.cost`);

/** The days come before the callers in the key, so each day is looked up: no row of another caller is read. */
const TAKE_OUT = new Statement<UsageTable>(`
  with recursive days (day) as (
    select min(day) from usage where tenant = ?
    union all
    select (select min(day) from usage where tenant = ? and day > days.day) from days where days.day is not null
  )
  delete from usage where tenant = ? and caller = ? and day in (select day from days) returning *`);

/** The caller of what erased end users have used: no id of a key or a token looks like it. */
const ERASED = 'erased';

/** By what usage is added up. */
export const USAGE_GROUPS = ['day', 'key', 'role', 'model'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** The most groups of one answer: those that used most. */
export const MAX_GROUPS = 1000;

const COLUMN = { day: 'day', key: 'caller', role: 'role', model: 'model' } as const;

/** Which usage is asked for. */
export interface UsageFilter {
  readonly tenant: string;
  /** First and last day, both included. */
  readonly from: string;
  readonly to: string;
  readonly groupBy: UsageGroup;
}

/** What was used under one name: a day, a caller, a role or a model. */
export interface UsageGroupRow extends Pick<UsageTable, 'runs' | 'input_tokens' | 'output_tokens' | 'cost'> {
  readonly name: string;
}

/** Whose usage it is. */
export interface UsageOwner {
  readonly tenant: string;
  readonly caller: string;
  /** The role that was asked for: the run counts there. */
  readonly role: string;
  readonly replicaId: string;
}

/** What was used, added up by day, caller, role and model; it outlives runs and sessions. */
@Injectable()
export class UsageRepository {
  constructor(private readonly database: Database) {}

  /** Adds a run that has ended, in the commit that ends it. */
  async add(
    transaction: Transaction<Schema>,
    { tenant, caller, role, replicaId }: UsageOwner,
    spent: readonly Spent[],
  ): Promise<void> {
    const day = dayOf(Date.now());
    const counted = spent.find((each) => each.role === role) ?? spent[0];
    for (const each of spent) {
      const { inputTokens, cachedTokens, outputTokens, reasoningTokens, cost = 0 } = each;
      const key = [tenant, day, countedAs(caller), each.role, each.model, replicaId];
      const tokens = [inputTokens, cachedTokens, outputTokens, reasoningTokens];
      await ADD.run(transaction, ...key, each === counted ? 1 : 0, ...tokens, cost);
    }
  }

  /** By day: the oldest first; else what used most first. */
  async report({ tenant, from, to, groupBy }: UsageFilter): Promise<UsageGroupRow[]> {
    const column = COLUMN[groupBy];
    const query = this.database.query
      .selectFrom('usage')
      .select((of) => [
        of.ref(column).as('name'),
        wholeSum('runs').as('runs'),
        wholeSum('input_tokens').as('input_tokens'),
        wholeSum('output_tokens').as('output_tokens'),
        wholeSum('cost').as('cost'),
      ])
      .where('tenant', '=', tenant)
      .where('day', '>=', from)
      .where('day', '<=', to)
      .groupBy(column)
      .limit(MAX_GROUPS);
    const ordered =
      groupBy === 'day' ? query.orderBy(column) : query.orderBy(wholeSum('input_tokens', 'output_tokens'), 'desc');
    return await ordered.orderBy(column).execute();
  }

  /** Adds up what replicas have left that are no more, so that each day has one row for each caller, role and model. */
  async compact(): Promise<void> {
    await this.database.write(
      async (transaction) => {
        const left = await transaction
          .deleteFrom('usage')
          // A literal: SQLite would not use the partial index for a parameter.
          .where('replica_id', '!=', sql.lit(''))
          .where('day', '<', dayOf(Date.now()))
          .where('replica_id', 'not in', (of) => of.selectFrom('replicas').select('replica_id'))
          .returningAll()
          .execute();
        await addRows(transaction, left, { replica_id: '' });
      },
      { durability: 'process' },
    );
  }

  /** Puts nobody in the place of a caller: what he has used stays in every sum, and he is in none by name. */
  async forget(transaction: Transaction<Schema>, tenant: string, caller: string): Promise<void> {
    const { rows } = await TAKE_OUT.run(transaction, tenant, tenant, tenant, caller);
    await addRows(transaction, rows, { caller: ERASED });
  }
}

/** Adds rows that were taken out, each to what there is already at its new place. */
async function addRows(
  transaction: Transaction<Schema>,
  rows: readonly UsageTable[],
  place: Partial<Pick<UsageTable, 'caller' | 'replica_id'>>,
): Promise<void> {
  for (const row of rows) {
    const { caller, replica_id } = { ...row, ...place };
    const key = [row.tenant, row.day, caller, row.role, row.model, replica_id];
    const tokens = [row.input_tokens, row.cached_tokens, row.output_tokens, row.reasoning_tokens];
    await ADD.run(transaction, ...key, row.runs, ...tokens, row.cost);
  }
}

/** `2026-01-31`, UTC. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Whoever is known by his address alone is nobody in particular: addresses come and go without end. */
function countedAs(caller: string): string {
  return caller.startsWith('ip:') ? 'anonymous' : caller;
}
