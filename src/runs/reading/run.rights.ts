import { Injectable } from '@nestjs/common';
import type { Principal } from '../../auth/principal.js';
import { hasScope, requireScope } from '../../auth/scopes.js';
import { AgentError } from '../../errors/agent.error.js';
import { Database } from '../../storage/database.js';
import { findRun } from '../recovery/locked.run.js';
import { RunsModuleOptions } from '../runs.options.js';

/** Checks the rights of API callers to a run, beyond the scope of the route. Host code needs no scopes. */
@Injectable()
export class RunRights {
  constructor(
    private readonly database: Database,
    private readonly options: RunsModuleOptions,
  ) {}

  /**
   * A caller without the scope `tasks` neither follows nor cancels a task by the id of its run.
   *
   * @throws AgentError `run_not_found`
   */
  async assertReachable(runId: string, principal: Principal): Promise<void> {
    if (hasScope(principal, 'tasks')) return;
    const run = await findRun(runId, principal, this.database.query);
    if (run?.kind === 'task') throw new AgentError('run_not_found');
  }

  /** @throws AgentError `forbidden` if decisions need the scope `approvals`, and the caller lacks it. */
  assertDecides(principal: Principal): void {
    if (this.options.requireApprovalsScope) requireScope(principal, 'approvals');
  }
}
