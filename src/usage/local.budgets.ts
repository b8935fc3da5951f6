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
  /** Reservations that a transaction in progress replaces by the used amounts. */
  readonly #settling = new Set<string>();

  /** Undefined: the used amount must be read. */
  usageOf(key: BudgetKey): BudgetUsage | undefined {
    const used = this.#used.get(nameOf(key));
    return used && { used, reserved: this.#reservedOf(key) };
  }

  /** The reserved amount beside the used one that the current transaction sees. */
  reservedWithin(key: BudgetKey): Amount {
    const name = nameOf(key);
    let { tokens, cost } = this.#reservedOf(key);
    for (const id of this.#settling) {
      for (const part of this.#parts.get(id) ?? []) {
        if (nameOf(part) === name) [tokens, cost] = [tokens - part.tokens, cost - part.cost];
      }
    }
    return { tokens, cost };
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

  /** Lets transactions leave the reservation out, until it is released or kept. Returns false if it does not exist. */
  settle(id: string): boolean {
    if (this.#parts.has(id)) this.#settling.add(id);
    return this.#parts.has(id);
  }

  /** Counts a reservation again whose transaction was not committed. */
  keep(id: string): void {
    this.#settling.delete(id);
  }

  release(id: string): void {
    this.#settling.delete(id);
    for (const part of this.#parts.get(id) ?? []) this.#change(part, -1);
    this.#parts.delete(id);
  }

  #reservedOf(key: BudgetKey): Amount {
    return this.#reserved.get(nameOf(key)) ?? NOTHING;
  }

  #change(part: Part, sign: 1 | -1): void {
    const { tokens, cost } = this.#reservedOf(part);
    const after = { tokens: tokens + sign * part.tokens, cost: cost + sign * part.cost };
    if (after.tokens === 0 && after.cost === 0) this.#reserved.delete(nameOf(part));
    else this.#reserved.set(nameOf(part), after);
  }
}

/** Names of tenants have no slash. */
function nameOf({ tenant, payer, month }: BudgetKey): string {
  return `${month}/${tenant}/${payer}`;
}
