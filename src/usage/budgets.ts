import { Injectable, Logger } from '@nestjs/common';
import type { Transaction } from 'kysely';
import { KnownKeys } from '../auth/known.keys.js';
import type { CallerLimits, Principal } from '../auth/principal.js';
import { AgentError } from '../errors/agent.error.js';
import { DatabaseAway } from '../storage/database.away.js';
import { newId } from '../storage/new.id.js';
import { toNano, toUsd } from '../storage/money.js';
import type { Schema } from '../storage/schema.js';
import { WriteRetries } from '../storage/write.retries.js';
import { type Amount, type BudgetKey, BudgetsRepository, type Standing } from './budgets.repository.js';
import { type ModelPrice, Prices } from './prices.js';
import type { TokenUsage } from './token.usage.js';

/** Of what is left, the least that an answer is worth beginning for. */
const LEAST_OUTPUT = 16;
/** The cap of an answer that has no other, where a budget is to be kept. */
const DEFAULT_CAP = 4096;
/** When a budget is used up by calls under way, some of it may come back. */
const SOON_SECONDS = 5;
const WARNED_PERCENTS = [100, 80];

/** What each tenant may use in a calendar month, UTC. */
export abstract class BudgetRules {
  abstract readonly budgets: {
    readonly tenantTokensPerMonth: number | undefined;
    /** In US dollars. */
    readonly tenantCostPerMonth: number | undefined;
  };
}

/** Whom a call is for, and what it may come to. */
export interface PlannedCall {
  readonly principal: Principal;
  /** The replica that makes it. */
  readonly owner: string;
  readonly model: string;
  /** As an estimate. */
  readonly inputTokens: () => number;
  readonly maxOutputTokens: number | undefined;
}

/** Room in the budgets for one model call. */
export interface Reservation {
  /** The cap for the call. */
  readonly maxOutputTokens: number;
  /**
   * Gives the room back, less what was used. If the database is away, it does so later.
   *
   * @param usage undefined: the provider has taken nothing.
   */
  settle(model: string, usage: TokenUsage | undefined): Promise<void>;
}

/** A part of a budget is used up. */
export interface BudgetWarning extends BudgetKey {
  readonly percent: number;
  readonly tokens: number;
  readonly tokensPerMonth: number | undefined;
  /** In US dollars. */
  readonly cost: number;
  readonly costPerMonth: number | undefined;
}

type WarningListener = (warning: BudgetWarning, transaction: Transaction<Schema>) => Promise<void>;

interface Budget extends BudgetKey {
  readonly tokens: number;
  /** In thousand-millionths of a US dollar. */
  readonly cost: number;
}

/** A model call for which room was taken. */
interface EndedCall {
  /** The reservation. */
  readonly id: string;
  readonly budgets: readonly Budget[];
  readonly model: string;
  /** Undefined: the provider has taken nothing. */
  readonly usage: TokenUsage | undefined;
}

/**
 * What callers and tenants may use in a month. Each model call takes room for its input and its longest answer before it is
 * made, and gives back what it did not use: however many run side by side, they do not use more together.
 */
@Injectable()
export class Budgets {
  readonly #logger = new Logger(Budgets.name);
  readonly #listeners: WarningListener[] = [];

  // oxlint-disable-next-line max-params -- injected
  constructor(
    private readonly rows: BudgetsRepository,
    private readonly keys: KnownKeys,
    private readonly prices: Prices,
    private readonly rules: BudgetRules,
    private readonly retries: WriteRetries,
  ) {}

  /** Calls back, in the commit that finds it, when a budget is used to 80 % and when it is used up: once a month each. */
  onWarning(listener: WarningListener): void {
    this.#listeners.push(listener);
  }

  /**
   * Before a run begins. It only reads: callers without a budget left may ask often.
   *
   * @throws AgentError `token_budget_exhausted` if the run could not ask a model at all.
   */
  async requireSome(principal: Principal): Promise<void> {
    for (const budget of await this.#of(principal)) {
      const used = await this.rows.used(budget);
      if (used.tokens >= budget.tokens || used.cost >= budget.cost) throw exhausted(budget, true);
    }
  }

  /**
   * Takes room for a model call.
   *
   * @returns undefined where nobody has set a budget.
   * @throws AgentError `token_budget_exhausted`
   */
  async reserve(call: PlannedCall): Promise<Reservation | undefined> {
    const budgets = await this.#of(call.principal);
    if (budgets.length === 0) return undefined;
    const id = newId();
    const room = await this.#takeRoom(id, budgets, call).catch((cause: unknown) => {
      // The commit may have come about all the same.
      if (cause instanceof DatabaseAway) void this.#giveBack(id, cause);
      throw cause;
    });
    if (room instanceof AgentError) throw room;
    return { maxOutputTokens: room, settle: (model, usage) => this.#settle({ id, budgets, model, usage }) };
  }

  /** Stores the reservation. Returns the cap for the call, or the refusal. */
  async #takeRoom(id: string, budgets: readonly Budget[], call: PlannedCall): Promise<number | AgentError> {
    const inputTokens = call.inputTokens();
    const price = this.prices.priceOf(call.model);
    return await this.rows.alone(async (transaction) => {
      let cap = call.maxOutputTokens ?? DEFAULT_CAP;
      for (const budget of budgets) {
        const standing = await this.rows.standing(budget, transaction);
        const room = capWithin(budget, standing, { ...call, inputTokens }, price);
        if (room instanceof AgentError) return room;
        cap = Math.min(cap, room);
      }
      const wanted = { inputTokens, outputTokens: cap };
      const amount = { tokens: inputTokens + cap, cost: this.prices.nanoOf(call.model, wanted) ?? 0 };
      const parts = budgets.map(({ tenant, payer, month }) => ({ tenant, payer, month, ...amount }));
      await this.rows.reserve(id, call.owner, parts, transaction);
      return cap;
    });
  }

  async #giveBack(id: string, cause: unknown): Promise<void> {
    const about = { cause, msg: 'nobody knows whether a reservation was stored; it is removed' };
    await this.retries.repeat(about, () => this.rows.alone((transaction) => this.rows.release(id, transaction)));
  }

  /** Repeated until it is stored: else the room would stay taken, and the use uncounted. */
  async #settle(call: EndedCall): Promise<void> {
    try {
      await this.#count(call, false);
    } catch (cause) {
      const about = {
        tenant: call.budgets[0]?.tenant,
        cause,
        msg: 'the use of a budget could not be stored; trying on',
      };
      await this.retries.repeat(about, () => this.#count(call, true));
    }
  }

  async #count({ id, budgets, model, usage }: EndedCall, isRepeated: boolean): Promise<void> {
    const warnings = await this.rows.alone(async (transaction) => {
      const isReserved = await this.rows.release(id, transaction);
      const found: BudgetWarning[] = [];
      // A commit that seemed to fail may have come about: then its reservation is gone.
      if (usage === undefined || (isRepeated && !isReserved)) return found;
      const cost = this.prices.nanoOf(model, usage) ?? 0;
      for (const budget of budgets) {
        const row = await this.rows.spend(
          budget,
          { tokens: usage.inputTokens + usage.outputTokens, cost },
          transaction,
        );
        const percent = row && percentOf(budget, row);
        if (!row || percent === undefined || percent <= row.warned_percent) continue;
        await this.rows.noteWarning(budget, percent, transaction);
        const warning = warningOf(budget, row, percent);
        for (const listener of this.#listeners) await listener(warning, transaction);
        found.push(warning);
      }
      return found;
    });
    for (const warning of warnings) this.#logger.warn({ ...warning, msg: 'a budget is used up to a part' });
  }

  /** The caller's own and its tenant's, as far as there are any. */
  async #of(principal: Principal): Promise<Budget[]> {
    const { tenantTokensPerMonth, tenantCostPerMonth } = this.rules.budgets;
    const { tenant, id } = principal;
    const own = principal.limits ?? (await this.#limitsOf(id));
    const month = new Date().toISOString().slice(0, 7);
    const budgets = [
      budgetOf({ tenant, payer: id, month }, own?.tokensPerMonth, own?.costPerMonth),
      budgetOf({ tenant, payer: '', month }, tenantTokensPerMonth, tenantCostPerMonth),
    ];
    return budgets.flatMap((budget) => budget ?? []);
  }

  /** Of a task's row only the id of its caller is left. */
  async #limitsOf(caller: string): Promise<CallerLimits | undefined> {
    if (!caller.startsWith('key:')) return undefined;
    return (await this.keys.find(caller.slice('key:'.length)))?.principal.limits;
  }
}

function budgetOf(key: BudgetKey, tokens: number | undefined, costUsd: number | undefined): Budget | undefined {
  if (tokens === undefined && costUsd === undefined) return undefined;
  return { ...key, tokens: tokens ?? Infinity, cost: costUsd === undefined ? Infinity : toNano(costUsd) };
}

/** The longest answer that fits, or the refusal if none does. */
function capWithin(
  budget: Budget,
  { used, reserved }: Standing,
  {
    inputTokens,
    maxOutputTokens = DEFAULT_CAP,
  }: Pick<PlannedCall, 'maxOutputTokens'> & { readonly inputTokens: number },
  price: ModelPrice | undefined,
): number | AgentError {
  const least = Math.min(LEAST_OUTPUT, maxOutputTokens);
  const fits = (left: Amount): number => Math.min(left.tokens - inputTokens, affordable(left.cost, inputTokens, price));
  const unused = { tokens: budget.tokens - used.tokens, cost: budget.cost - used.cost };
  const cap = fits({ tokens: unused.tokens - reserved.tokens, cost: unused.cost - reserved.cost });
  if (cap >= least) return Math.floor(cap);
  return exhausted(budget, fits(unused) < least);
}

/** How many tokens of output the money is enough for, after the input. */
function affordable(nano: number, inputTokens: number, price: ModelPrice | undefined): number {
  if (price === undefined || nano === Infinity) return Infinity;
  // Prices are for a million tokens, so this is for one, in thousand-millionths of a dollar.
  const left = nano - inputTokens * price.input * 1000;
  if (price.output === 0) return left >= 0 ? Infinity : -1;
  return left / (price.output * 1000);
}

function percentOf(budget: Budget, used: Amount): number | undefined {
  const percent = Math.max(used.tokens / budget.tokens, used.cost / budget.cost) * 100;
  return WARNED_PERCENTS.find((each) => percent >= each);
}

function warningOf({ tenant, payer, month, tokens, cost }: Budget, used: Amount, percent: number): BudgetWarning {
  return {
    tenant,
    payer,
    month,
    percent,
    tokens: used.tokens,
    tokensPerMonth: tokens === Infinity ? undefined : tokens,
    cost: toUsd(used.cost),
    costPerMonth: cost === Infinity ? undefined : toUsd(cost),
  };
}

function exhausted({ payer, month }: Budget, isForMonth: boolean): AgentError {
  const whose = payer === '' ? 'The tenant' : 'The caller';
  if (!isForMonth) {
    return new AgentError('token_budget_exhausted', {
      detail: `What is left of ${payer === '' ? "the tenant's" : "the caller's"} budget of ${month} is reserved by runs under way.`,
      retryAfterSeconds: SOON_SECONDS,
    });
  }
  return new AgentError('token_budget_exhausted', {
    detail: `${whose} has used the budget of ${month}.`,
    retryAfterSeconds: secondsToNextMonth(),
  });
}

function secondsToNextMonth(): number {
  const now = new Date();
  return (Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now.getTime()) / 1000;
}
