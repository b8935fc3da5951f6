/** Usage, added up; it outlives the runs. Costs are in nano-dollars (1e-9 US dollars). */
export interface UsageTable {
  tenant: string;
  /** `2026-01-31`, UTC. */
  day: string;
  /** The id of the calling principal. */
  caller: string;
  role: string;
  model: string;
  /** The replica that writes it; `''` for the usage of dead replicas. */
  replica_id: string;
  runs: number;
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cost: number;
}

/** Usage of a month, for each principal or tenant with a budget. */
export interface BudgetTable {
  tenant: string;
  /** The id of a principal; `''`: the tenant. */
  payer: string;
  /** `2026-01`, UTC. */
  month: string;
  tokens: number;
  cost: number;
  /** The last percentage of the budget that was warned of. */
  warned_percent: number;
}

/** The maximum that a running model call may use. It counts as long as its replica lives. */
export interface ReservationTable {
  reservation_id: string;
  tenant: string;
  payer: string;
  month: string;
  tokens: number;
  cost: number;
  owner: string;
  created_at: number;
}
