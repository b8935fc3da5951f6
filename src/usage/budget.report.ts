import { Injectable } from '@nestjs/common';
import { Database } from '../storage/database.js';
import { toUsd } from '../storage/money.js';
import type { ApiKeyTable } from '../storage/tables/key.schema.js';
import type { Amount } from './budget.amounts.js';
import type { BudgetItem } from './budgets.dto.js';
import { BudgetsRepository } from './budgets.repository.js';
import { UsageModuleOptions } from './usage.options.js';

const MAX_TENANTS = 500;
const MAX_KEYS = 500;

type BudgetedKey = Pick<ApiKeyTable, 'key_id' | 'name' | 'tenant' | 'tokens_per_month' | 'cost_per_month'>;

/** Reads the budgets of tenants and keys, and what is used of them. */
@Injectable()
export class BudgetReport {
  constructor(
    private readonly database: Database,
    private readonly budgets: BudgetsRepository,
    private readonly options: UsageModuleOptions,
  ) {}

  /** The budgets of this month: first those of tenants that have used some, then those of keys. */
  async list(tenant: string | undefined): Promise<BudgetItem[]> {
    const month = new Date().toISOString().slice(0, 7);
    return [...(await this.#ofTenants(month, tenant)), ...(await this.#ofKeys(month, tenant))];
  }

  async #ofTenants(month: string, tenant: string | undefined): Promise<BudgetItem[]> {
    const { tenantTokensPerMonth: tokens, tenantCostPerMonth: cost } = this.options;
    if (tokens === undefined && cost === undefined) return [];
    let query = this.database.query
      .selectFrom('budgets')
      .select(['tenant', 'tokens', 'cost'])
      .where('month', '=', month)
      .where('payer', '=', '');
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    const rows = await query.orderBy('cost', 'desc').orderBy('tokens', 'desc').limit(MAX_TENANTS).execute();
    return rows.map((row) => itemOf({ tenant: row.tenant }, row, [tokens, cost]));
  }

  async #ofKeys(month: string, tenant: string | undefined): Promise<BudgetItem[]> {
    let query = this.database.query
      .selectFrom('api_keys')
      .select(['key_id', 'name', 'tenant', 'tokens_per_month', 'cost_per_month'])
      .where('revoked_at', 'is', null)
      .where((of) => of.or([of('tokens_per_month', 'is not', null), of('cost_per_month', 'is not', null)]));
    if (tenant !== undefined) query = query.where('tenant', '=', tenant);
    const keys = await query.orderBy('created_at', 'desc').limit(MAX_KEYS).execute();
    const used = await this.#usedBy(keys, month);
    return await Promise.all(
      keys.map(async (key) => {
        const { key_id, name: key_name, tokens_per_month: tokens, cost_per_month: cost } = key;
        const payer = payerOf(key);
        // A budget that no call has reserved from yet has no row.
        const amount = used.get(payer) ?? (await this.budgets.used({ tenant: key.tenant, payer, month }));
        const limits = [tokens ?? undefined, cost === null ? undefined : toUsd(cost)] as const;
        return itemOf({ tenant: key.tenant, key_id, key_name }, amount, limits);
      }),
    );
  }

  async #usedBy(keys: readonly BudgetedKey[], month: string): Promise<ReadonlyMap<string, Amount>> {
    if (keys.length === 0) return new Map();
    const rows = await this.database.query
      .selectFrom('budgets')
      .select(['payer', 'tokens', 'cost'])
      .where('tenant', 'in', [...new Set(keys.map(({ tenant }) => tenant))])
      .where('payer', 'in', keys.map(payerOf))
      .where('month', '=', month)
      .execute();
    return new Map(rows.map(({ payer, ...amount }) => [payer, amount]));
  }
}

function payerOf({ key_id }: Pick<BudgetedKey, 'key_id'>): string {
  return `key:${key_id}`;
}

type Owner = Pick<BudgetItem, 'tenant' | 'key_id' | 'key_name'>;
type Limits = readonly [tokens: number | undefined, costUsd: number | undefined];

function itemOf(owner: Owner, used: Amount, [tokens, cost]: Limits): BudgetItem {
  return {
    ...owner,
    tokens: used.tokens,
    cost: toUsd(used.cost),
    ...(tokens === undefined ? {} : { tokens_per_month: tokens }),
    ...(cost === undefined ? {} : { cost_per_month: cost }),
  };
}
