import { Injectable, Logger } from '@nestjs/common';
import { RunLimits } from '../run.limits.js';
import { RunsModuleOptions } from '../runs.options.js';

/** The shutdown of this process, and its time, which all waiting parts share. */
@Injectable()
export class ShutdownDeadline {
  readonly #logger = new Logger(ShutdownDeadline.name);
  readonly #listeners = new Set<() => void>();
  #endsAtMs: number | undefined;

  constructor(
    private readonly options: RunsModuleOptions,
    private readonly limits: RunLimits,
  ) {}

  /** Starts the clock, and refuses new runs from now on. Only the first call has an effect. */
  begin(): void {
    if (this.#endsAtMs !== undefined) return;
    this.#endsAtMs = performance.now() + this.options.shutdownTimeoutMs;
    this.limits.drain();
    for (const listener of this.#listeners) this.#call(listener);
  }

  /** Calls back when the shutdown begins, or at once if it has begun. Returns a function that removes the listener. */
  onBegin(listener: () => void): () => void {
    if (this.#endsAtMs !== undefined) this.#call(listener);
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** A listener that fails must not stop the shutdown. */
  #call(listener: () => void): void {
    try {
      listener();
    } catch (cause) {
      this.#logger.error({ cause, msg: 'a listener failed at the begin of the shutdown' });
    }
  }

  leftMs(): number {
    if (this.#endsAtMs === undefined) return this.options.shutdownTimeoutMs;
    return Math.max(0, this.#endsAtMs - performance.now());
  }
}
