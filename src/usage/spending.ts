import { Prices } from './prices.js';
import { NO_USAGE, sumOf, type TokenUsage } from './token.usage.js';

/** A model call of a run. */
export interface SpendingCall {
  readonly role: string;
  /** As it was asked for. */
  readonly model: string;
  /** What it will have used, as far as can be told while it is under way. */
  estimate(): TokenUsage;
}

/** What one agent has used of one model. */
export interface Spent extends Required<TokenUsage> {
  readonly role: string;
  readonly model: string;
  /** In thousand-millionths of a US dollar; undefined: it has no price. */
  readonly cost: number | undefined;
}

/** What a run has used so far. A call that is broken off counts as estimated: the provider takes its money all the same. */
export class Spending {
  readonly #spent = new Map<string, Spent>();
  readonly #open = new Set<SpendingCall>();

  constructor(private readonly prices: Prices) {}

  begin(call: SpendingCall): void {
    this.#open.add(call);
  }

  /** @param usage undefined: the provider has taken nothing. */
  end(call: SpendingCall, usage: TokenUsage | undefined, model = call.model): void {
    if (this.#open.delete(call) && usage) this.add(call.role, model, usage);
  }

  add(role: string, model: string, usage: TokenUsage): void {
    this.#addTo(this.#spent, role, model, usage);
  }

  /** Of each agent and model, those too that are just being asked. */
  get entries(): Spent[] {
    const all = new Map(this.#spent);
    for (const call of this.#open) this.#addTo(all, call.role, call.model, call.estimate());
    return [...all.values()];
  }

  get total(): Required<TokenUsage> & { readonly cost: number | undefined } {
    const { entries } = this;
    const usage = entries.reduce<Required<TokenUsage>>(sumOf, NO_USAGE);
    const costs = entries.flatMap(({ cost }) => (cost === undefined ? [] : [cost]));
    return { ...usage, cost: costs.length > 0 ? costs.reduce((sum, cost) => sum + cost, 0) : undefined };
  }

  #addTo(all: Map<string, Spent>, role: string, model: string, usage: TokenUsage): void {
    const name = `${role}\n${model}`;
    const before = all.get(name);
    const cost = this.prices.nanoOf(model, usage);
    all.set(name, {
      ...sumOf(before ?? NO_USAGE, usage),
      role,
      model,
      cost: cost === undefined ? before?.cost : (before?.cost ?? 0) + cost,
    });
  }
}
