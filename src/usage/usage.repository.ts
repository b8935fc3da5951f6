import { Injectable } from '@nestjs/common';
import { sql, type Transaction } from 'kysely';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import type { UsageTable } from '../storage/tables/usage.schema.js';
import { Statement } from '../storage/statements/statement.js';
import { bigintSum } from '../storage/bigint.sum.js';
import type { RunModelUsage } from './usage.accumulator.js';

const ADD = new Statement(`
  insert into usage (tenant, day, caller, role, model, replica_id,
    runs, input_tokens, cached_tokens, output_tokens, reasoning_tokens, cost)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  on conflict (tenant, day, caller, role, model, replica_id) do update
  set runs = usage.runs + excluded.runs, input_tokens = usage.input_tokens + excluded.input_tokens,
    cached_tokens = usage.cached_tokens + excluded.cached_tokens,
    output_tokens = usage.output_tokens + excluded.output_tokens,
    reasoning_tokens = usage.reasoning_tokens + excluded.reasoning_tokens, cost = usage.cost + excluded.cost`);

/** In the index days precede callers, so the statement looks up each day and skips the rows of other callers. */
const DELETE_RETURNING = new Statement<UsageTable>(`
  with recursive days (day) as (
    select min(day) from usage where tenant = ?
    union all
    select (select min(day) from usage where tenant = ? and day > days.day) from days where days.day is not null
  )
  delete from usage where tenant = ? and caller = ? and day in (select day from days) returning *`);

const WAIT_FOR_MOVES = sql`select pg_advisory_xact_lock_shared(hashtext('rookery.usage'))`;

/** The caller of the usage of erased end users. Ids of keys and tokens never have this form. */
const ERASED_CALLER = 'erased';

/** The fields by which usage can be grouped. */
export const USAGE_GROUPS = ['day', 'key', 'role', 'model'] as const;
export type UsageGroup = (typeof USAGE_GROUPS)[number];

/** The maximum groups of one report. A report keeps the groups with the highest usage. */
export const MAX_GROUPS = 1000;

const COLUMN = { day: 'day', key: 'caller', role: 'role', model: 'model' } as const;

/** The filter and grouping of a usage report. */
export interface UsageFilter {
  readonly tenant: string;
  /** Only the usage of this caller. Default: that of all. */
  readonly caller?: string | undefined;
  /** First and last day, both included. */
  readonly from: string;
  readonly to: string;
  readonly groupBy: UsageGroup;
}

/** The usage of one group: a day, caller, role or model. */
export interface UsageGroupRow extends Pick<UsageTable, 'runs' | 'input_tokens' | 'output_tokens' | 'cost'> {
  readonly name: string;
}

/** The owner of the usage of a run. */
export interface UsageOwner {
  readonly tenant: string;
  readonly caller: string;
  /** The requested role. The run counts for this role. */
  readonly role: string;
  readonly replicaId: string;
}

/** Stores usage by day, caller, role and model. It outlives runs and sessions. */
@Injectable()
export class UsageRepository {
  constructor(private readonly database: Database) {}

  /** Adds the usage of an ended run, in the transaction that ends it. */
  async add(
    transaction: Transaction<Schema>,
    { tenant, caller, role, replicaId }: UsageOwner,
    spent: readonly RunModelUsage[],
  ): Promise<void> {
    const day = dayOf(Date.now());
    const counted = spent.find((each) => each.role === role) ?? spent[0];
    for (const each of spent) {
      const { inputTokens, cachedTokens, outputTokens, reasoningTokens, cost = 0 } = each;
      const key = [tenant, day, usageCallerOf(caller), each.role, each.model, replicaId];
      const tokens = [inputTokens, cachedTokens, outputTokens, reasoningTokens];
      await ADD.execute(transaction, ...key, each === counted ? 1 : 0, ...tokens, cost);
    }
  }

  /** Sorts days from the oldest, and other groups by usage, the highest first. */
  async report({ tenant, caller, from, to, groupBy }: UsageFilter): Promise<UsageGroupRow[]> {
    const column = COLUMN[groupBy];
    let query = this.database.query
      .selectFrom('usage')
      .select((of) => [
        of.ref(column).as('name'),
        bigintSum('runs').as('runs'),
        bigintSum('input_tokens').as('input_tokens'),
        bigintSum('output_tokens').as('output_tokens'),
        bigintSum('cost').as('cost'),
      ])
      .where('tenant', '=', tenant)
      .where('day', '>=', from)
      .where('day', '<=', to)
      .groupBy(column)
      .limit(MAX_GROUPS);
    if (caller !== undefined) query = query.where('caller', '=', caller);
    const ordered =
      groupBy === 'day' ? query.orderBy(column) : query.orderBy(bigintSum('input_tokens', 'output_tokens'), 'desc');
    return await ordered.orderBy(column).execute();
  }

  /**
   * Anonymizes the usage of a caller. It remains in every sum, without the id of the caller. Returns false if there was
   * none.
   */
  async forget(transaction: Transaction<Schema>, tenant: string, caller: string): Promise<boolean> {
    // A commit at the same moment may move the rows of the caller (UsageCompaction).
    if (this.database.dialect === 'postgres') await WAIT_FOR_MOVES.execute(transaction);
    const rows = await DELETE_RETURNING.query(transaction, tenant, tenant, tenant, caller);
    await addRows(transaction, rows, { caller: ERASED_CALLER });
    return rows.length > 0;
  }
}

/** Adds deleted rows to the rows with their new keys. */
export async function addRows(
  transaction: Transaction<Schema>,
  rows: readonly UsageTable[],
  columns: Partial<Pick<UsageTable, 'day' | 'caller' | 'replica_id'>>,
): Promise<void> {
  const sums = new Map<string, { readonly key: readonly string[]; readonly counts: number[] }>();
  for (const row of rows) {
    const { day, caller, replica_id } = { ...row, ...columns };
    const key = [row.tenant, day, caller, row.role, row.model, replica_id];
    const tokens = [row.input_tokens, row.cached_tokens, row.output_tokens, row.reasoning_tokens];
    const counts = [row.runs, ...tokens, row.cost];
    const name = JSON.stringify(key);
    const earlier = sums.get(name)?.counts ?? counts.map(() => 0);
    sums.set(name, { key, counts: counts.map((count, index) => count + (earlier[index] ?? 0)) });
  }
  for (const { key, counts } of sums.values()) await ADD.execute(transaction, ...key, ...counts);
}

/** Returns the day in UTC, such as `2026-01-31`. */
export function dayOf(epochMs: number): string {
  return new Date(epochMs).toISOString().slice(0, 10);
}

/** Callers that are known only by their address count as one: addresses are unbounded. */
function usageCallerOf(caller: string): string {
  return caller.startsWith('ip:') ? 'anonymous' : caller;
}
