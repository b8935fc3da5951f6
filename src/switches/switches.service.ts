import { Injectable } from '@nestjs/common';
import { actorOf } from '../audit/audit.record.js';
import { HOST_PRINCIPAL, type Principal } from '../auth/principal.js';
import { invalidField } from '../errors/agent.error.js';
import { type StoppedSwitch, SWITCH_KINDS, type SwitchKey, toSwitch } from './switch.js';
import { Switches } from './switches.js';
import { SwitchesRepository } from './switches.repository.js';
import type { RequestIds } from '../http/http.types.js';

/** A change of a switch. */
export interface SwitchChange extends SwitchKey {
  /** True stops it; false lets it run again. */
  readonly stopped: boolean;
  /** Shown to callers, and to the model. Default: none. */
  readonly reason?: string | undefined;
}

/**
 * Stops agents, tools and tenants at run time, on all replicas within a second. `AgentModule` provides it.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { SwitchesService } from 'rookery';
 *
 * \@Injectable()
 * export class RefundAlarm {
 *   constructor(private readonly switches: SwitchesService) {}
 *
 *   async onTooManyRefunds() {
 *     await this.switches.set({ kind: 'tool', name: 'refund', stopped: true, reason: 'too many refunds' });
 *   }
 * }
 */
@Injectable()
export class SwitchesService {
  constructor(
    private readonly stored: SwitchesRepository,
    private readonly switches: Switches,
  ) {}

  /**
   * Stops a role, a tool or a tenant, or lets it run again. A repeat replaces the reason. The name is not checked: other
   * replicas may know it.
   *
   * @param principal who does it, for the audit. Default: the host.
   * @returns all that is stopped now.
   * @throws AgentError `validation_failed`
   *
   * @example
   * await switches.set({ kind: 'role', name: 'researcher', stopped: true, reason: 'maintenance' });
   * await switches.set({ kind: 'role', name: 'researcher', stopped: false });
   */
  async set(
    { kind, name, stopped, reason }: SwitchChange,
    principal: Principal = HOST_PRINCIPAL,
    requestId?: string | RequestIds,
  ): Promise<StoppedSwitch[]> {
    if (!SWITCH_KINDS.includes(kind)) throw invalidField('kind', `kind must be one of ${SWITCH_KINDS.join(', ')}`);
    if (name === '' || name.length > 128) throw invalidField('name', 'name must be 1–128 characters');
    const actor = actorOf(principal, requestId);
    const tenant = kind === 'tenant' ? name : principal.tenant;
    try {
      if (stopped) {
        const row = { kind, name, reason: reason ?? null, stopped_by: actor.id, stopped_at: Date.now() };
        await this.stored.stop(row, tenant, actor);
      } else await this.stored.release({ kind, name }, tenant, actor);
    } finally {
      // A commit whose connection broke may have stored the change.
      await this.switches.announce();
    }
    return await this.list();
  }

  /**
   * Lists what is stopped, by kind and name.
   *
   * @example
   * const stoppedTools = (await switches.list()).filter(({ kind }) => kind === 'tool');
   */
  async list(): Promise<StoppedSwitch[]> {
    return (await this.stored.list()).map(toSwitch);
  }
}
