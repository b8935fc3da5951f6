import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { sql } from 'kysely';
import { AgentError, ignoreCodes } from '../../errors/agent.error.js';
import { SessionsService } from '../../sessions/sessions.service.js';
import { Database } from '../../storage/database.js';
import { RunControl } from './run.control.js';
import { RunLimits } from '../run.limits.js';
import type { RunRow } from '../run.row.js';
import type { IdempotencyKey } from '../idempotency.keys.js';
import { type BeginResult, RunsRepository } from '../runs.repository.js';
import { RunsModuleOptions } from '../runs.options.js';

/** Poll interval of a run that waits for its session. */
const POLL_INTERVAL_MS = 100;

/** Limits of the wait for a session. */
export interface WaitLimits {
  readonly signal: AbortSignal | undefined;
  readonly timeoutMs: number;
}

/** Begins a run in its session, or applies the session policy if it is busy. Waiting runs have no order. */
@Injectable()
export class SessionQueue {
  constructor(
    private readonly database: Database,
    private readonly sessions: SessionsService,
    private readonly runs: RunsRepository,
    private readonly control: RunControl,
    private readonly options: RunsModuleOptions,
    private readonly limits: RunLimits,
  ) {}

  /**
   * Begins a run in its session as soon as the policy allows it.
   *
   * @throws AgentError `session_busy` or `draining`, or the signal's reason.
   */
  async begin(
    row: RunRow,
    key: IdempotencyKey | undefined,
    { signal, timeoutMs }: WaitLimits,
  ): Promise<Exclude<BeginResult, 'busy'>> {
    const deadline = performance.now() + timeoutMs;
    for (;;) {
      signal?.throwIfAborted();
      if (this.limits.isDraining) throw new AgentError('draining');
      const result = this.sessions.isErasing(row) ? 'busy' : await this.runs.begin(row, key);
      if (result !== 'busy') return result;
      const holder = this.control.holderOf(row);
      const isEnding = holder !== undefined && holder.status !== 'running';
      if (!isEnding) {
        if (this.options.sessionPolicy === 'reject') throw new AgentError('session_busy');
        if (this.options.sessionPolicy === 'interrupt') await this.#supersede(row);
      }
      if (performance.now() >= deadline) throw new AgentError('session_busy');
      await Promise.race([sleep(POLL_INTERVAL_MS), ...(holder ? [holder.ended] : [])]);
    }
  }

  /** Cancels the run that holds the session. @throws AgentError `session_busy` if it is another end user's. */
  async #supersede({ tenant, session_id, end_user }: RunRow): Promise<void> {
    const holder = await this.database.query
      .selectFrom('runs')
      .select(['run_id', 'end_user'])
      .where('tenant', '=', tenant)
      .where('session_id', '=', session_id)
      // A literal: SQLite would not use the partial index for a parameter.
      .where('holds_session', '=', sql.lit(1))
      .executeTakeFirst();
    if (holder && end_user !== null && holder.end_user !== end_user) throw new AgentError('session_busy');
    if (!holder) return;
    const { run_id } = holder;
    await this.control
      .cancel(run_id, { tenant }, 'superseded')
      .catch(ignoreCodes('run_not_found', 'task_already_finished'));
  }
}
