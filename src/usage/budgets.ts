import { Injectable, Logger } from '@nestjs/common';
import type { Transaction } from 'kysely';
import { ApiKeyCache } from '../auth/api-key.cache.js';
import type { CallerLimits, Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { DatabaseUnavailableError } from '../storage/database.unavailable.js';
import { newId } from '../storage/new.id.js';
import { toNanoUsd } from '../storage/money.js';
import type { Schema } from '../storage/schema.js';
import { WriteRetries } from '../storage/write.retries.js';
import { type Budget, capWithin, isUsedUp, type PricedCall, usedUpError } from './budget.refusal.js';
import { type BudgetWarning, newPercentOf, warningOf } from './budget.warning.js';
import type { Amount, BudgetKey, WarnedAmount } from './budget.amounts.js';
import { BudgetsRepository } from './budgets.repository.js';
import { Prices } from './prices.js';
import type { TokenUsage } from './token.usage.js';
import { UsageModuleOptions } from './usage.options.js';

/** The output limit under a budget, for calls without their own limit. */
const DEFAULT_OUTPUT_TOKENS = 4096;

/** A planned model call: its principal and its maximum usage. */
export interface PlannedCall {
  readonly principal: Principal;
  /** The replica that makes the call. */
  readonly owner: string;
  readonly model: string;
  /** Estimates the input tokens. */
  readonly inputTokens: () => number;
  readonly maxOutputTokens: number | undefined;
}

/** A reservation in the budgets for one model call. */
export interface Reservation {
  /** The output limit of the call. */
  readonly maxOutputTokens: number;
  /**
   * Releases the reservation and counts the usage. Retries in the background if the database is unavailable.
   *
   * @param usage undefined: the provider charged nothing.
   */
  settle(model: string, usage: TokenUsage | undefined): Promise<void>;
  /**
   * Resolves once the run may end. A call counts in the month of its reservation. If it ends in the next one, the budgets
   * of that month begin now: after the end of the run they would include the call as earlier usage. A task that
   * rests meanwhile and makes no further call still counts in both, because no process holds it.
   */
  beginMonth(): Promise<void>;
}

/** A call for which budget is to be reserved. */
interface ReservationRequest {
  readonly id: string;
  readonly budgets: readonly Budget[];
  readonly call: PlannedCall;
  readonly priced: PricedCall;
}

type WarningListener = (warning: BudgetWarning, transaction: Transaction<Schema>) => Promise<void>;

/**
 * The monthly budgets of callers and tenants. Each model call reserves its input and its longest answer, and later
 * releases the unused part. So concurrent runs cannot overspend.
 */
@Injectable()
export class Budgets {
  readonly #logger = new Logger(Budgets.name);
  readonly #listeners: WarningListener[] = [];

  constructor(
    private readonly rows: BudgetsRepository,
    private readonly keys: ApiKeyCache,
    private readonly prices: Prices,
    private readonly options: UsageModuleOptions,
    private readonly retries: WriteRetries,
  ) {}

  /** Calls `listener` once a month at 80 % and at 100 % of a budget, in the transaction that reaches the threshold. */
  onWarning(listener: WarningListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Checks the budgets before a run starts. It only reads, because callers without budget may retry often. A limit
   * that was lowered may have reached a threshold: then the first refusal stores the warning.
   *
   * @throws AgentError `token_budget_exhausted` if a budget is used up.
   */
  async assertAvailable(principal: Principal): Promise<void> {
    for (const budget of await this.#budgetsOf(principal)) {
      const used = await this.rows.used(budget.key);
      if (!isUsedUp(budget, used)) continue;
      if (newPercentOf(budget, used) !== undefined) await this.#warnNow(budget);
      throw usedUpError(budget, used, principal);
    }
  }

  /**
   * Reserves budget for a model call.
   *
   * @returns undefined if no budget is set.
   * @throws AgentError `token_budget_exhausted`
   */
  async reserve(call: PlannedCall): Promise<Reservation | undefined> {
    const budgets = await this.#budgetsOf(call.principal);
    if (budgets.length === 0) return undefined;
    const request = { id: newId(), budgets, call, priced: this.#pricedOf(call) };
    const outputLimit = this.#reserveHere(request) ?? (await this.#reserveStored(request));
    if (outputLimit instanceof AgentError) throw outputLimit;
    return {
      maxOutputTokens: outputLimit,
      settle: (model, usage) => this.#settle(request.id, budgets, usage && this.#amountOf(model, usage)),
      beginMonth: () => this.#beginMonth(budgets),
    };
  }

  #pricedOf({ principal, model, inputTokens, maxOutputTokens = DEFAULT_OUTPUT_TOKENS }: PlannedCall): PricedCall {
    const longest = { inputTokens: inputTokens(), outputTokens: maxOutputTokens };
    return { principal, longest, price: this.prices.priceOf(model) };
  }

  /** Reserves without a transaction, if this process knows that the call fits. Returns the output limit of the call. */
  #reserveHere(request: ReservationRequest): number | undefined {
    const { local } = this.rows;
    let cap = request.priced.longest.outputTokens;
    for (const budget of request.budgets) {
      const usage = local?.usageOf(budget.key);
      if (usage === undefined || newPercentOf(budget, usage.used) !== undefined) return undefined;
      const budgetCap = capWithin(budget, usage, request.priced);
      if (budgetCap instanceof AgentError) return undefined;
      cap = Math.min(cap, budgetCap);
    }
    local?.reserve(request.id, this.#partsOf(request, cap));
    return cap;
  }

  async #reserveStored(request: ReservationRequest): Promise<number | AgentError> {
    const { id, budgets } = request;
    try {
      return await this.#reserveWithin(request);
    } catch (cause) {
      this.rows.local?.release(id);
      if (cause instanceof DatabaseUnavailableError) {
        const about = { cause, msg: 'a reservation may have been stored despite an error; removing it' };
        void this.retries.retry(about, () => this.rows.write(budgets, (last) => this.rows.release(id, last)));
      }
      throw cause;
    }
  }

  /** Stores the reservation. Returns the output limit of the call, or an error if the budget is too small. */
  async #reserveWithin(request: ReservationRequest): Promise<number | AgentError> {
    const { id, budgets, call, priced } = request;
    return await this.#writeAndWarn(budgets, async (transaction, warn) => {
      // The group of writes may try it again.
      this.rows.local?.release(id);
      let cap = priced.longest.outputTokens;
      for (const budget of budgets) {
        const usage = await this.rows.usageOf(budget.key, transaction);
        // A refused call settles nothing that could warn.
        await warn(budget, usage.used);
        const budgetCap = capWithin(budget, usage, priced);
        if (budgetCap instanceof AgentError) return budgetCap;
        cap = Math.min(cap, budgetCap);
      }
      await this.rows.reserve(id, call.owner, this.#partsOf(request, cap), transaction);
      return cap;
    });
  }

  #partsOf({ budgets, call, priced }: ReservationRequest, outputTokens: number): (BudgetKey & Amount)[] {
    const amount = this.#amountOf(call.model, { inputTokens: priced.longest.inputTokens, outputTokens });
    return budgets.map(({ key }) => ({ ...key, ...amount }));
  }

  /** Retries until it is stored: otherwise the reservation would remain and the usage would not count. */
  async #settle(id: string, budgets: readonly Budget[], amount: Amount | undefined): Promise<void> {
    try {
      await this.#storeUsage(id, budgets, amount, false);
    } catch (cause) {
      const about = {
        tenant: budgets[0]?.key.tenant,
        cause,
        msg: 'the usage of a budget could not be stored; retrying',
      };
      await this.retries.retry(about, () => this.#storeUsage(id, budgets, amount, true));
      // A write that was given up has released nothing.
      this.rows.local?.release(id);
    }
  }

  async #beginMonth(reserved: readonly Budget[]): Promise<void> {
    const month = monthNow();
    if (reserved.every(({ key }) => key.month === month)) return;
    const budgets = reserved.map(({ key }) => ({ key: { ...key, month } }));
    await this.rows.begin(budgets).catch((cause: unknown) => {
      this.#logger.warn({ cause, msg: 'the budgets of the new month could not begin; they may count a call twice' });
    });
  }

  /** @param amount undefined: the provider charged nothing. */
  async #storeUsage(
    id: string,
    budgets: readonly Budget[],
    amount: Amount | undefined,
    isRepeated: boolean,
  ): Promise<void> {
    const writing = this.#writeAndWarn(budgets, async (transaction, warn) => {
      const isReserved = await this.rows.release(id, transaction);
      // If the first attempt was committed despite its error, the reservation no longer exists.
      if (amount === undefined || (isRepeated && !isReserved)) return;
      for (const budget of budgets) {
        const row = await this.rows.addUsage(budget.key, amount, transaction);
        if (row) await warn(budget, row);
      }
    });
    try {
      await writing;
    } catch (cause) {
      this.rows.local?.keep(id);
      throw cause;
    }
    this.rows.local?.release(id);
  }

  /** Warns of a budget that has reached a threshold without a call. */
  async #warnNow(budget: Budget): Promise<void> {
    await this.#writeAndWarn([budget], async (transaction, warn) => {
      await warn(budget, (await this.rows.usageOf(budget.key, transaction)).used);
    });
  }

  /** Runs `work` in a transaction. Its function `warn` stores a warning if a threshold is reached anew. */
  async #writeAndWarn<T>(
    budgets: readonly Budget[],
    work: (transaction: Transaction<Schema>, warn: (budget: Budget, used: WarnedAmount) => Promise<void>) => Promise<T>,
  ): Promise<T> {
    const found: BudgetWarning[] = [];
    const seen = new Map<BudgetKey, WarnedAmount>();
    const result = await this.rows.write(budgets, async (transaction) => {
      // The group of writes may try it again.
      found.length = 0;
      seen.clear();
      return await work(transaction, async (budget, used) => {
        const percent = newPercentOf(budget, used);
        seen.set(budget.key, { ...used, warned_percent: percent ?? used.warned_percent });
        if (percent === undefined) return;
        await this.rows.recordWarning(budget.key, percent, transaction);
        const warning = warningOf(budget, used, percent);
        for (const listener of this.#listeners) await listener(warning, transaction);
        found.push(warning);
      });
    });
    for (const [key, used] of seen) this.rows.local?.remember(key, used);
    for (const warning of found) this.#logger.warn({ ...warning, msg: 'a budget has reached a warning threshold' });
    return result;
  }

  #amountOf(model: string, usage: TokenUsage): Amount {
    return { tokens: usage.inputTokens + usage.outputTokens, cost: this.prices.nanoOf(model, usage) ?? 0 };
  }

  /** Returns the budgets of the tenant and of the caller, if they are set. All transactions lock them in this order. */
  async #budgetsOf(principal: Principal): Promise<Budget[]> {
    const { tenantTokensPerMonth, tenantCostPerMonth } = this.options;
    const { tenant, id } = principal;
    const own = principal.limits ?? (await this.#limitsOf(id));
    const month = monthNow();
    const budgets = [
      budgetOf({ tenant, payer: '', month }, tenantTokensPerMonth, tenantCostPerMonth),
      budgetOf({ tenant, payer: id, month }, own?.tokensPerMonth, own?.costPerMonth),
    ];
    return budgets.flatMap((budget) => budget ?? []);
  }

  /** The row of a task stores only the id of its caller, so the limits are read from the key. */
  async #limitsOf(caller: string): Promise<CallerLimits | undefined> {
    if (!caller.startsWith('key:')) return undefined;
    return (await this.keys.find(caller.slice('key:'.length)))?.principal.limits;
  }
}

/** Returns the month in UTC, such as `2026-01`. */
function monthNow(): string {
  return new Date().toISOString().slice(0, 7);
}

function budgetOf(key: BudgetKey, tokens: number | undefined, costUsd: number | undefined): Budget | undefined {
  if (tokens === undefined && costUsd === undefined) return undefined;
  return { key, tokens: tokens ?? Infinity, cost: costUsd === undefined ? Infinity : toNanoUsd(costUsd) };
}
