import { Injectable } from '@nestjs/common';
import { FallbackModel } from '../models/fallback.model.js';
import { LanguageModel } from '../models/language.model.js';
import type { ModelBreaker } from '../models/model.upstream.js';
import { RunLimits } from '../runs/run.limits.js';
import { PubSub } from '../storage/pubsub.js';
import { Database } from '../storage/database.js';

/** Whether the agents can take new work, and why not. */
export interface AgentReadiness {
  readonly isReady: boolean;
  readonly isDraining: boolean;
  readonly isDatabaseUp: boolean;
  /** undefined: Redis is not used. */
  readonly isRedisUp: boolean | undefined;
}

/** Reports whether the agents of this process can take work. For the health checks of a host application. */
@Injectable()
export class AgentHealth {
  constructor(
    private readonly database: Database,
    private readonly broadcast: PubSub,
    private readonly limits: RunLimits,
    private readonly model: LanguageModel,
  ) {}

  /** Resolves within a second. */
  async check(): Promise<AgentReadiness> {
    const isDatabaseUp = await this.database.ping().then(
      () => true,
      () => false,
    );
    const isRedisUp = this.broadcast.isShared ? this.broadcast.isConnected : undefined;
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
}
