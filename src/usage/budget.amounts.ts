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
