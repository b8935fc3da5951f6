import { Injectable, Logger } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import type { AgentError } from '../../errors/agent.error.js';
import { AgentMetrics } from '../../telemetry/agent.metrics.js';
import { HttpModuleOptions } from '../http.options.js';
import {
  type RateLimit,
  rateLimited,
  type RateLimitState,
  REQUEST_LIMITS,
  stateOf,
  tokenLimits,
} from './rate.limits.js';
import { WindowStorage } from './window.storage.js';

/** The rate limits of callers outside the HTTP routes: frames, messages, and the tokens of runs. */
@Injectable()
export class RateLimiter {
  readonly #logger = new Logger(RateLimiter.name);

  constructor(
    private readonly options: HttpModuleOptions,
    private readonly storage: WindowStorage,
    private readonly metrics: AgentMetrics,
  ) {}

  /** Counts a request in the windows that `RateLimitGuard` counts in. @throws AgentError `rate_limited` */
  async consume(principal: Principal): Promise<void> {
    const limits = Object.values(REQUEST_LIMITS).map((limitOf) => limitOf(principal, this.options.rateLimits));
    const counts = limits.filter(({ quota }) => quota > 0).map((limit) => this.#add(limit, 1));
    this.refuseBeyond(await Promise.all(counts));
  }

  /** Counts used tokens. Does not wait for the storage. */
  addTokens(principal: Principal, tokens: number): void {
    for (const limit of tokenLimits(principal, this.options.rateLimits)) {
      this.#add(limit, tokens).catch((cause: unknown) => this.#logger.warn({ cause, msg: 'failed to count tokens' }));
    }
  }

  /** Reads the windows of tokens. */
  tokens(principal: Principal): Promise<RateLimitState>[] {
    return tokenLimits(principal, this.options.rateLimits).map((limit) => this.#add(limit, 0));
  }

  /** @throws AgentError `rate_limited` if the tokens of a window are used up. */
  async requireTokens(principal: Principal): Promise<void> {
    const empty = (await Promise.all(this.tokens(principal))).find(({ remaining }) => remaining === 0);
    if (empty) throw this.#refusal(empty);
  }

  /** @throws AgentError `rate_limited` if a window has more requests than its limit. */
  refuseBeyond(states: readonly RateLimitState[]): void {
    const blocked = states.find(({ unit, isBlocked }) => unit === 'requests' && isBlocked);
    if (blocked) throw this.#refusal(blocked);
  }

  #refusal(state: RateLimitState): AgentError {
    this.metrics.countRateLimited();
    return rateLimited(state);
  }

  async #add(limit: RateLimit, points: number): Promise<RateLimitState> {
    const { total, secondsLeft } = await this.storage.add(limit.key, limit.windowSeconds * 1000, points);
    return stateOf(limit, total, secondsLeft);
  }
}
