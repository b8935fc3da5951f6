import { AgentError } from '../errors/agent.error.js';

/** How many runs there may be at once, and whether there may be new ones. */
export class RunLimits {
  #running = 0;
  #isDraining = false;
  #onIdle: (() => void) | undefined;

  constructor(private readonly maxConcurrentRuns: number) {}

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Takes a place. @throws AgentError `draining` or `overloaded`. */
  enter(): void {
    if (this.#isDraining) throw new AgentError('draining');
    if (this.#running >= this.maxConcurrentRuns) throw new AgentError('overloaded');
    this.#running++;
  }

  leave(): void {
    this.#running--;
    if (this.#running === 0) this.#onIdle?.();
  }

  /** Refuses new runs from now on. */
  drain(): void {
    this.#isDraining = true;
  }

  /** Resolves when no run is left. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => (this.#onIdle = resolve));
  }
}
