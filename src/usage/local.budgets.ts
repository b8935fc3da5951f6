import type { Amount, BudgetKey, BudgetUsage, WarnedAmount } from './budget.amounts.js';

type Part = BudgetKey & Amount;

/** Budgets whose used amount is kept. */
const CAPACITY = 10_000;
const NOTHING: Amount = { tokens: 0, cost: 0 };

/**
 * The budgets of a database that only this process uses. Its reservations are kept in memory alone, because they end with
 * the process. The used amounts are those of the last commits, so that a call that fits needs no transaction.
 */
export class LocalBudgets {
  readonly #used = new Map<string, WarnedAmount>();
  readonly #parts = new Map<string, readonly Part[]>();
  /** The reserved amounts, by budget: a sum takes no longer with many calls in progress. */
  readonly #reserved = new Map<string, Amount>();

  /** Undefined: the used amount must be read. */
  usageOf(key: BudgetKey): BudgetUsage | undefined {
    const used = this.#used.get(nameOf(key));
    return used && { used, reserved: this.reservedOf(key) };
  }

  reservedOf(key: BudgetKey): Amount {
    return this.#reserved.get(nameOf(key)) ?? NOTHING;
  }

  /** Keeps a used amount, once it is committed. */
  remember(key: BudgetKey, used: WarnedAmount): void {
    if (this.#used.size >= CAPACITY) this.#used.clear();
    this.#used.set(nameOf(key), used);
  }

  /** Repeated calls with one id count once. */
  reserve(id: string, parts: readonly Part[]): void {
    this.release(id);
    this.#parts.set(id, parts);
    for (const part of parts) this.#change(part, 1);
  }

  has(id: string): boolean {
    return this.#parts.has(id);
  }

  release(id: string): void {
    for (const part of this.#parts.get(id) ?? []) this.#change(part, -1);
    this.#parts.delete(id);
  }

  #change(part: Part, sign: 1 | -1): void {
    const { tokens, cost } = this.reservedOf(part);
    const after = { tokens: tokens + sign * part.tokens, cost: cost + sign * part.cost };
    if (after.tokens === 0 && after.cost === 0) this.#reserved.delete(nameOf(part));
    else this.#reserved.set(nameOf(part), after);
  }
}

/** Names of tenants have no slash. */
function nameOf({ tenant, payer, month }: BudgetKey): string {
  return `${month}/${tenant}/${payer}`;
}
