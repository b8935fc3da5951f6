import { Injectable } from '@nestjs/common';
import { FallbackModel } from './models/fallback.model.js';
import { LanguageModel } from './models/language.model.js';
import type { ModelBreaker } from './models/model.upstream.js';
import { RunLimits } from './runs/run.limits.js';
import { Broadcast } from './storage/broadcast.js';
import { Database } from './storage/database.js';

/** What stands between the agents and new work. */
export interface AgentReadiness {
  readonly isReady: boolean;
  readonly isDraining: boolean;
  readonly isDatabaseUp: boolean;
  /** undefined: none is used. */
  readonly isRedisUp: boolean | undefined;
}

/** Whether the agents of this process can take work, for the health checks of a host. */
@Injectable()
export class AgentHealth {
  constructor(
    private readonly database: Database,
    private readonly broadcast: Broadcast,
    private readonly limits: RunLimits,
    private readonly model: LanguageModel,
  ) {}

  /** Answers within a second. */
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
   * Which models are asked, and which are left alone because they failed too often. With fall-backs only; none of it
   * says that this process could not take work.
   */
  breakers(): readonly ModelBreaker[] {
    return this.model instanceof FallbackModel ? this.model.breakers() : [];
  }
}
