import { Logger } from '@nestjs/common';
import { type BreakerState, CircuitBreaker } from './circuit.breaker.js';
import type { LanguageModel, ModelRoute } from './language.model.js';

/** What is thought of a model at its upstream. */
export interface ModelBreaker extends ModelRoute {
  readonly state: BreakerState;
}

/** Where models are asked for, with a breaker for each of them: one may fail while the others answer. */
export class ModelUpstream {
  readonly #logger = new Logger(ModelUpstream.name);
  readonly #breakers = new Map<string, CircuitBreaker>();

  constructor(
    readonly name: string,
    readonly model: LanguageModel,
  ) {}

  breaker(model: string): CircuitBreaker {
    const known = this.#breakers.get(model);
    if (known) return known;
    const breaker = new CircuitBreaker((state) => this.#report(model, state));
    this.#breakers.set(model, breaker);
    return breaker;
  }

  breakers(): ModelBreaker[] {
    return [...this.#breakers].map(([model, { state }]) => ({ upstream: this.name, model, state }));
  }

  #report(model: string, state: 'closed' | 'open'): void {
    const line = { upstream: this.name, model };
    if (state === 'open') this.#logger.warn({ ...line, msg: 'a model fails too often and is left alone for a while' });
    else this.#logger.log({ ...line, msg: 'a model answers again' });
  }
}
