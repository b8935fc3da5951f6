import { Injectable } from '@nestjs/common';
import { FallbackModel } from '../models/fallback.model.js';
import { LanguageModel } from '../models/language.model.js';
import type { ModelBreaker } from '../models/model.upstream.js';
import { RunLimits } from '../runs/run.limits.js';
import { PubSub } from '../storage/pubsub/pubsub.js';
import { Database } from '../storage/database.js';

/** Anyone may call a health check, so its writes are limited. */
const CHECK_INTERVAL_MS = 500;

/** Whether the agents can take new work, and why not. */
export interface AgentReadiness {
  /** The database is up, Redis is up or not used, and no shutdown has begun. */
  readonly isReady: boolean;
  /** Shutdown has begun: new runs get `draining`, active ones finish. */
  readonly isDraining: boolean;
  /** The database accepted a write within a second. */
  readonly isDatabaseUp: boolean;
  /** undefined: Redis is not used. */
  readonly isRedisUp: boolean | undefined;
}

/**
 * Reports whether the agents of this process can take work. For the health checks of a host application.
 *
 * @example
 * import { Controller, Get, ServiceUnavailableException } from '@nestjs/common';
 * import { AgentHealth } from 'rookery';
 *
 * \@Controller('health')
 * export class HealthController {
 *   constructor(private readonly agents: AgentHealth) {}
 *
 *   \@Get()
 *   async check() {
 *     const { isReady } = await this.agents.check();
 *     if (!isReady) throw new ServiceUnavailableException();
 *     return { status: 'ok', breakers: this.agents.breakers() };
 *   }
 * }
 */
@Injectable()
export class AgentHealth {
  /** The latest check of the database, and its start by the monotonic clock. */
  #check: { readonly isUp: Promise<boolean>; readonly startedMs: number } | undefined;

  constructor(
    private readonly database: Database,
    private readonly pubsub: PubSub,
    private readonly limits: RunLimits,
    private readonly model: LanguageModel,
  ) {}

  /**
   * Checks the database and Redis. Resolves within a second and never rejects. Calls within half a second share one
   * check of the database.
   */
  async check(): Promise<AgentReadiness> {
    const isDatabaseUp = await this.#isDatabaseUp();
    const isRedisUp = this.pubsub.isShared ? this.pubsub.isConnected : undefined;
    const { isDraining } = this.limits;
    return { isReady: isDatabaseUp && isRedisUp !== false && !isDraining, isDraining, isDatabaseUp, isRedisUp };
  }

  /**
   * Returns the circuit breaker state of each model. Empty without fallbacks. An open breaker does not make this
   * process unready.
   */
  breakers(): readonly ModelBreaker[] {
    return this.model instanceof FallbackModel ? this.model.breakers() : [];
  }

  #isDatabaseUp(): Promise<boolean> {
    const startedMs = performance.now();
    if (this.#check === undefined || startedMs - this.#check.startedMs > CHECK_INTERVAL_MS) {
      const isUp = this.database.ping().then(
        () => true,
        () => false,
      );
      this.#check = { isUp, startedMs };
    }
    return this.#check.isUp;
  }
}
