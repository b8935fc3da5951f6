import { Injectable } from '@nestjs/common';
import { AgentError } from '../errors/agent.error.js';
import type { Run } from './run.js';
import { RunsModuleOptions, type SessionPolicy } from './runs.options.js';

/** The limits of runs: how many run at once, for how long, and whether new ones may start. */
@Injectable()
export class RunLimits {
  #running = 0;
  readonly #draining = new AbortController();
  #onIdle: (() => void) | undefined;

  constructor(private readonly options: RunsModuleOptions) {}

  /** Time limit of a chat or a stream. */
  get timeoutMs(): number {
    return this.options.timeoutMs;
  }

  get sessionPolicy(): SessionPolicy {
    return this.options.sessionPolicy;
  }

  /** Queued tasks of one caller in all processes. */
  get maxQueuedTasks(): number {
    return this.options.maxQueuedTasks === 0 ? Infinity : this.options.maxQueuedTasks;
  }

  get isDraining(): boolean {
    return this.draining.aborted;
  }

  /** Aborts when new runs are refused from now on. */
  get draining(): AbortSignal {
    return this.#draining.signal;
  }

  /**
   * Reserves capacity for the run that `open` returns, until the run ends or its signal aborts.
   *
   * @throws AgentError `draining` or `overloaded`.
   */
  async reserve<T extends object & { readonly run?: Pick<Run, 'signal' | 'ended'> }>(
    open: () => Promise<T>,
  ): Promise<T> {
    if (this.isDraining) throw new AgentError('draining');
    if (this.#running >= this.options.maxConcurrentRuns) throw new AgentError('overloaded');
    this.#running++;
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      if (--this.#running === 0) this.#onIdle?.();
    };
    try {
      const opened = await open();
      if (opened.run) {
        const { signal, ended } = opened.run;
        signal.addEventListener('abort', release, { once: true });
        if (signal.aborted) release();
        void ended.then(release);
      } else release();
      return opened;
    } catch (failure) {
      release();
      throw failure;
    }
  }

  /** Refuses new runs from now on. */
  drain(): void {
    this.#draining.abort();
  }

  /** Resolves when no run is left. */
  idle(): Promise<void> {
    return this.#running === 0 ? Promise.resolve() : new Promise((resolve) => (this.#onIdle = resolve));
  }
}
