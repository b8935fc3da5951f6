import { AgentError } from '../../errors/agent.error.js';

/** Claimed tasks whose attempts are in preparation. Each has a signal before it has a run. */
export class AttemptPreparations {
  readonly #controllers = new Map<string, AbortController>();
  #endReason: Error | undefined;

  get ids(): readonly string[] {
    return [...this.#controllers.keys()];
  }

  /**
   * Prepares an attempt. Its signal aborts with `agent_timeout` after the time limit of the run.
   *
   * @throws the reason of `abortAll` if that was called before.
   */
  async prepare<T>(runId: string, timeoutMs: number, prepare: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (this.#endReason) throw this.#endReason;
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(new AgentError('agent_timeout')), timeoutMs);
    this.#controllers.set(runId, controller);
    try {
      return await prepare(controller.signal);
    } finally {
      clearTimeout(timer);
      if (this.#controllers.get(runId) === controller) this.#controllers.delete(runId);
    }
  }

  abort(runId: string, reason: Error): void {
    this.#controllers.get(runId)?.abort(reason);
  }

  /** Aborts all preparations, also those that begin later. */
  abortAll(reason: Error): void {
    this.#endReason ??= reason;
    for (const controller of this.#controllers.values()) controller.abort(reason);
  }
}
