import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { AgentError } from '../../errors/agent.error.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { HttpModuleOptions } from '../http.options.js';

/** Limits the streams that a caller has open in this process: responses that stay open, sockets, and their streams. */
@Injectable()
export class StreamLimiter {
  readonly #open = new Map<string, number>();

  constructor(
    private readonly options: HttpModuleOptions,
    private readonly metrics: AgentMetrics,
  ) {}

  /**
   * Counts a stream. The returned function ends it; call it once.
   *
   * @throws AgentError `rate_limited` if the caller has too many.
   */
  open({ tenant, id }: Principal): () => void {
    const { maxStreamsPerCaller: limit } = this.options;
    if (limit === 0) return () => undefined;
    const key = `${tenant}/${id}`;
    const count = this.#open.get(key) ?? 0;
    if (count >= limit) {
      this.metrics.countRateLimited();
      throw new AgentError('rate_limited', {
        detail: `A caller has at most ${limit} streams. Close another one first.`,
      });
    }
    this.#open.set(key, count + 1);
    return () => this.#close(key);
  }

  #close(key: string): void {
    const count = this.#open.get(key) ?? 0;
    if (count > 1) this.#open.set(key, count - 1);
    else this.#open.delete(key);
  }
}
