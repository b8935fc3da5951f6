import { Logger } from '@nestjs/common';
import { type BreakerState, CircuitBreaker } from './circuit.breaker.js';
import type { LanguageModel, ModelRoute } from './language.model.js';

/** The breaker state of a model at its upstream. */
export interface ModelBreaker extends ModelRoute {
  /** `open`: the model is skipped. `half-open`: the next call decides. */
  readonly state: BreakerState;
}

/** A configured connection to a model provider. Each model has a breaker: one may fail while the others answer. */
export class ModelUpstream {
  readonly #logger = new Logger(ModelUpstream.name);
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(
    readonly name: string,
    readonly model: LanguageModel,
  ) {}

  breaker(model: string): CircuitBreaker {
    const existing = this.#breakers.get(model);
    if (existing) return existing;
    const breaker = new CircuitBreaker((state) => this.#report(model, state));
    this.#breakers.set(model, breaker);
    return breaker;
  }

  breakers(): ModelBreaker[] {
    return [...this.#breakers].map(([model, { state }]) => ({ upstream: this.name, model, state }));
  }

  #report(model: string, state: 'closed' | 'open'): void {
    const line = { upstream: this.name, model };
    if (state === 'open') this.#logger.warn({ ...line, msg: 'circuit breaker opened: the model failed too often' });
    else this.#logger.log({ ...line, msg: 'circuit breaker closed: the model answers again' });
  }
}
