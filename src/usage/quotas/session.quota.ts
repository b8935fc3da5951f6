import { Injectable } from '@nestjs/common';
import { RequestScope } from '../../async/request.scope.js';
import { AgentError } from '../../errors/agent.error.js';
import { UsageModuleOptions } from '../usage.options.js';
import { RecentTenants } from './recent.tenants.js';
import { TenantSizes } from './tenant.sizes.js';

/** How long a count is used. Other replicas may begin sessions meanwhile. */
const TTL_MS = 10_000;
/** The same if fewer than a tenth of the sessions are left. */
const SCARCE_TTL_MS = 1000;

/** The session of a run that may begin. */
export interface PlannedSession {
  readonly tenant: string;
  readonly session_id: string;
  /** True if no session can have this id yet. */
  readonly isNewSession?: boolean | undefined;
}

interface SessionCount {
  count: number;
  countedMs: number;
  counting: Promise<void> | undefined;
}

/** Limits the sessions of each tenant. Counts them at most each second, and none without a limit. */
@Injectable()
export class SessionQuota {
  readonly #tenants = new RecentTenants<SessionCount>(() => ({
    count: 0,
    countedMs: -Infinity,
    counting: undefined,
  }));

  constructor(
    private readonly sizes: TenantSizes,
    private readonly options: UsageModuleOptions,
  ) {}

  /** Counts a new session as begun. @throws AgentError `quota_exceeded` if the tenant must not begin one. */
  async assertRoom({ tenant, session_id, isNewSession = false }: PlannedSession): Promise<void> {
    const { maxSessionsPerTenant: max } = this.options;
    if (max === 0 || max === Infinity) return;
    if (!isNewSession && (await this.sizes.hasSession(tenant, session_id))) return;
    const state = this.#tenants.of(tenant);
    const ttlMs = state.count > max * 0.9 ? SCARCE_TTL_MS : TTL_MS;
    if (performance.now() - state.countedMs > ttlMs) await this.#count(tenant, state, max);
    if (state.count >= max) throw tooMany(max);
    state.count++;
  }

  /** Concurrent runs share one count. */
  async #count(tenant: string, state: SessionCount, max: number): Promise<void> {
    state.counting ??= RequestScope.leave(async () => {
      try {
        state.count = await this.sizes.countSessions(tenant, max);
        state.countedMs = performance.now();
      } finally {
        state.counting = undefined;
      }
    });
    await state.counting;
  }
}

function tooMany(max: number): AgentError {
  const detail = `The tenant has ${max} sessions and may not begin another. Delete sessions, or continue one of them.`;
  return new AgentError('quota_exceeded', { detail });
}
