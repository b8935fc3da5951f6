import { Prices } from './prices.js';
import { NO_USAGE, sumOf, type TokenUsage } from './token.usage.js';

/** A model call of a run in progress. */
export interface SpendingCall {
  readonly role: string;
  /** The requested model. */
  readonly model: string;
  /** Estimates the usage while the call is in progress. */
  estimate(): TokenUsage;
}

/** The usage of one model by one agent. */
export interface RunModelUsage extends Required<TokenUsage> {
  readonly role: string;
  readonly model: string;
  /** In nano-dollars (US). Undefined: the model has no price. */
  readonly cost: number | undefined;
}

/** The usage of a run so far. An aborted call counts with its estimate, because the provider charges for it. */
export class UsageAccumulator {
  readonly #spent = new Map<string, RunModelUsage>();
  readonly #open = new Set<SpendingCall>();

  constructor(private readonly prices: Prices) {}

  begin(call: SpendingCall): void {
    this.#open.add(call);
  }

  /** @param usage undefined: the provider charged nothing. */
  end(call: SpendingCall, usage: TokenUsage | undefined, model = call.model): void {
    if (this.#open.delete(call) && usage) this.add(call.role, model, usage);
  }

  /** In US dollars; undefined: the model has no price. */
  costOf(model: string, usage: TokenUsage): number | undefined {
    return this.prices.costOf(model, usage);
  }

  add(role: string, model: string, usage: TokenUsage): void {
    this.#addTo(this.#spent, role, model, usage);
  }

  /** The usage by agent and model, with the estimates of calls in progress. */
  get entries(): RunModelUsage[] {
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

  #addTo(all: Map<string, RunModelUsage>, role: string, model: string, usage: TokenUsage): void {
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
