import { Logger } from '@nestjs/common';
import { type BreakerState, CircuitBreaker } from './circuit.breaker.js';
import type { LanguageModel, ModelRoute } from './language.model.js';

/** The breaker state of a model at its upstream. */
export interface ModelBreaker extends ModelRoute {
  /** `open`: the model is skipped. `half-open`: the next call decides. */
  readonly state: BreakerState;
}

/** A model at an upstream. */
export interface UpstreamModel {
  readonly upstream: ModelUpstream;
  /** The model of requests to the upstream. */
  readonly model: string;
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
    const { model: name } = this.route(model);
    const existing = this.#breakers.get(name);
    if (existing) return existing;
    const breaker = new CircuitBreaker((state) => this.#report(name, state));
    this.#breakers.set(name, breaker);
    return breaker;
  }

  route(model: string): ModelRoute {
    return { upstream: this.name, model: this.model.targetOf(model).model };
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
