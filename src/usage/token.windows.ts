import { Injectable } from '@nestjs/common';
import type { Principal } from '../auth/principal.js';
import { CallerWindows } from '../http/caller.windows.js';
import type { TokenUsage } from './token.usage.js';

/** What callers and tenants may use within a window: counted when it is used, refused while the window is used up. */
@Injectable()
export class TokenWindows {
  constructor(private readonly windows: CallerWindows) {}

  /** Before a run is begun. @throws AgentError `rate_limited` */
  async requireSome(principal: Principal): Promise<void> {
    await this.windows.requireTokens(principal);
  }

  add(principal: Principal, usage: TokenUsage | undefined): void {
    if (usage) this.windows.addTokens(principal, usage.inputTokens + usage.outputTokens);
  }
}
