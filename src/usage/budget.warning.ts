import { toUsd } from '../storage/money.js';
import type { Budget } from './budget.refusal.js';
import type { Amount, BudgetKey, WarnedAmount } from './budget.amounts.js';

const WARNED_PERCENTS = [100, 80];

/** Reports that a threshold of a budget is reached. */
export interface BudgetWarning extends BudgetKey {
  readonly percent: number;
  readonly tokens: number;
  readonly tokensPerMonth: number | undefined;
  /** In US dollars. */
  readonly cost: number;
  readonly costPerMonth: number | undefined;
}

/** The threshold that is reached and of which nobody was warned this month. */
export function newPercentOf(budget: Budget, used: WarnedAmount): number | undefined {
  const percent = Math.max(used.tokens / budget.tokens, used.cost / budget.cost) * 100;
  const reached = WARNED_PERCENTS.find((each) => percent >= each);
  return reached !== undefined && reached > used.warned_percent ? reached : undefined;
}

export function warningOf({ key, tokens, cost }: Budget, used: Amount, percent: number): BudgetWarning {
  return {
    ...key,
    percent,
    tokens: used.tokens,
    tokensPerMonth: tokens === Infinity ? undefined : tokens,
    cost: toUsd(used.cost),
    costPerMonth: cost === Infinity ? undefined : toUsd(cost),
  };
}
