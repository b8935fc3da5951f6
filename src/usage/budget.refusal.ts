import type { Principal } from '../auth/principal.js';
import { hasScope } from '../auth/scopes.js';
import { AgentError } from '../errors/agent.error.js';
import { toUsd } from '../storage/money.js';
import type { Amount, BudgetKey, BudgetUsage } from './budget.amounts.js';
import type { ModelPrice } from './prices.js';
import type { TokenUsage } from './token.usage.js';

/** The minimum output tokens for which a call is worth starting. */
const MIN_OUTPUT_TOKENS = 16;
/** Retry delay if calls in progress have reserved a budget: they may give some of it back. */
const RESERVED_RETRY_SECONDS = 5;

/** A budget with its limits. */
export interface Budget {
  readonly key: BudgetKey;
  readonly tokens: number;
  /** In nano-dollars (US). */
  readonly cost: number;
}

/** A model call that a budget has to pay for. */
export interface PricedCall {
  readonly principal: Principal;
  /** The estimated input, and the longest answer. */
  readonly longest: TokenUsage;
  readonly price: ModelPrice | undefined;
}

/** One limit of a budget: its unit, and how much of it there is. */
interface Share {
  readonly limit: number;
  readonly used: number;
  readonly reserved: number;
  readonly needed: number;
  readonly text: (amount: number) => string;
  readonly unit: string;
}

/** Returns the longest answer that fits the budget. If it is too short, returns an error that says what is left. */
export function capWithin(budget: Budget, { used, reserved }: BudgetUsage, call: PricedCall): number | AgentError {
  const { inputTokens, outputTokens } = call.longest;
  const least = Math.min(MIN_OUTPUT_TOKENS, outputTokens);
  const fits = (left: Amount): number =>
    Math.min(left.tokens - inputTokens, affordable(left.cost, inputTokens, call.price));
  const unused = { tokens: budget.tokens - used.tokens, cost: budget.cost - used.cost };
  const cap = fits({ tokens: unused.tokens - reserved.tokens, cost: unused.cost - reserved.cost });
  if (cap >= least) return Math.floor(cap);
  if (isUsedUp(budget, used)) return usedUpError(budget, used, call.principal);
  const isForMonth = fits(unused) < least;
  return tooSmallError(
    budget,
    { used, reserved },
    { ...call, longest: { inputTokens, outputTokens: least } },
    isForMonth,
  );
}

/** Whether nothing is left of the tokens or of the money. */
export function isUsedUp(budget: Budget, used: Amount): boolean {
  return used.tokens >= budget.tokens || used.cost >= budget.cost;
}

/** The refusal of a run or call after all of a budget is used. */
export function usedUpError(budget: Budget, used: Amount, principal: Principal): AgentError {
  const owner = budget.key.payer === '' ? 'tenant' : 'caller';
  const ended =
    used.tokens >= budget.tokens
      ? `${used.tokens} of ${budget.tokens} tokens`
      : `${inDollars(used.cost)} of ${inDollars(budget.cost)}`;
  const numbers = maySeeNumbers(budget, principal) ? `: ${ended}` : '';
  const detail = `The ${owner} has used up the budget for ${budget.key.month}${numbers}.`;
  return new AgentError('token_budget_exhausted', { detail, retryAfterSeconds: secondsToNextMonth() });
}

function tooSmallError(budget: Budget, usage: BudgetUsage, call: PricedCall, isForMonth: boolean): AgentError {
  const { inputTokens, outputTokens } = call.longest;
  const { limit, used, reserved, needed, text, unit } = shortageOf(budget, usage, call);
  const owner = `The ${budget.key.payer === '' ? 'tenant' : 'caller'}'s budget for ${budget.key.month}`;
  const held = reserved > 0 ? `, and ${text(reserved)} are reserved by runs in progress` : '';
  const left = text(Math.max(0, limit - used - reserved));
  const state = maySeeNumbers(budget, call.principal)
    ? `${owner} has ${left} of ${text(limit)}${unit} left: ${text(used)} are used${held}.`
    : `${owner} has too little left${reserved > 0 ? ': a part is reserved by runs in progress' : ''}.`;
  const parts = `(${inputTokens} input, ${outputTokens} output${unit === '' ? ' tokens' : ''})`;
  const detail = `${state} This call needs at least ${text(needed)} ${parts}.`;
  const retryAfterSeconds = isForMonth ? secondsToNextMonth() : RESERVED_RETRY_SECONDS;
  return new AgentError('token_budget_exhausted', { detail, retryAfterSeconds });
}

/** The limit that the call does not fit: the tokens, or else the money. */
function shortageOf(budget: Budget, { used, reserved }: BudgetUsage, { longest, price }: PricedCall): Share {
  const tokens = longest.inputTokens + longest.outputTokens;
  if (budget.tokens - used.tokens - reserved.tokens < tokens) {
    const amounts = { limit: budget.tokens, used: used.tokens, reserved: reserved.tokens, needed: tokens };
    return { ...amounts, text: String, unit: ' tokens' };
  }
  const cost =
    price === undefined ? 0 : nanoOf(longest.inputTokens, price.input) + nanoOf(longest.outputTokens, price.output);
  const amounts = { limit: budget.cost, used: used.cost, reserved: reserved.cost, needed: Math.ceil(cost) };
  return { ...amounts, text: inDollars, unit: '' };
}

/** The usage of a tenant is not for each of its callers: see `GET /usage`. */
function maySeeNumbers({ key }: Budget, principal: Principal): boolean {
  return key.payer !== '' || (principal.endUser === undefined && hasScope(principal, 'usage:read'));
}

/** Returns how many output tokens the money pays for, after the input. */
function affordable(nano: number, inputTokens: number, price: ModelPrice | undefined): number {
  if (price === undefined || nano === Infinity) return Infinity;
  const left = nano - nanoOf(inputTokens, price.input);
  if (price.output === 0) return left >= 0 ? Infinity : -1;
  return left / nanoOf(1, price.output);
}

/** Prices are in dollars per million tokens; times 1000 they are in nano-dollars per token. */
function nanoOf(tokens: number, price: number): number {
  return tokens * price * 1000;
}

/** Without an exponent, as small amounts have it. */
function inDollars(nano: number): string {
  return `$${toUsd(nano)
    .toFixed(9)
    .replace(/\.?0+$/, '')}`;
}

function secondsToNextMonth(): number {
  const now = new Date();
  return (Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) - now.getTime()) / 1000;
}
