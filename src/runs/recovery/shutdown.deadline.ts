import { Injectable } from '@nestjs/common';
import { RunLimits } from '../run.limits.js';
import { RunsModuleOptions } from '../runs.options.js';

/** The shutdown of this process, and its time, which all waiting parts share. */
@Injectable()
export class ShutdownDeadline {
  readonly #listeners: (() => void)[] = [];
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
    for (const listener of this.#listeners) listener();
  }

  /** Calls back when the shutdown begins. */
  onBegin(listener: () => void): void {
    this.#listeners.push(listener);
  }

  leftMs(): number {
    if (this.#endsAtMs === undefined) return this.options.shutdownTimeoutMs;
    return Math.max(0, this.#endsAtMs - performance.now());
  }
}
