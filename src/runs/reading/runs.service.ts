import { Injectable } from '@nestjs/common';
import { HOST_PRINCIPAL } from '../../auth/principal.js';
import { AgentError, invalidField } from '../../errors/agent.error.js';
import { decodeCursor, encodeCursor } from '../../http/page.cursor.js';
import type { Page, PageRequest } from '../../http/page.dto.js';
import { Database } from '../../storage/database.js';
import { Prices } from '../../usage/prices.js';
import { findApprovalTimes, findPending } from '../journal/pending.approval.js';
import { restoreSteps } from '../journal/restored.steps.js';
import { readTimeline, type Timeline } from '../journal/run.timeline.js';
import { findRun } from '../recovery/locked.run.js';
import type { RunRow } from '../run.row.js';
import { isReadable, type RunAccess } from './run.access.js';
import { detailsOf, type RunDetails, type RunSummary, summaryOf } from './run.details.js';
import { RunPagesRepository } from './run.pages.repository.js';

/**
 * Selects runs of a list.
 *
 * @example
 * import type { RunFilter } from 'rookery';
 *
 * const filter: RunFilter = { status: 'failed', from: '2026-01-01T00:00:00Z', limit: 100 };
 */
export interface RunFilter extends Partial<PageRequest> {
  /** Only runs with this status. */
  readonly status?: RunRow['status'] | undefined;
  /** Only runs of this entry point. */
  readonly kind?: RunRow['kind'] | undefined;
  /** Only runs that began with this agent. */
  readonly agent_role?: string | undefined;
  /** Only runs of this session. */
  readonly session_id?: string | undefined;
  /** ISO 8601: only runs created then or later. */
  readonly from?: string | undefined;
  /** ISO 8601: only runs created earlier. */
  readonly to?: string | undefined;
}

/**
 * Reads chats, streams and tasks, active or over. `AgentModule` provides it.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { RunsService } from 'rookery';
 *
 * \@Injectable()
 * export class Dashboard {
 *   constructor(private readonly runs: RunsService) {}
 *
 *   async failures() {
 *     const { items } = await this.runs.list({ status: 'failed', limit: 10 });
 *     return items.map(({ run_id, error_code }) => `${run_id}: ${error_code}`);
 *   }
 * }
 */
@Injectable()
export class RunsService {
  constructor(
    private readonly database: Database,
    private readonly pages: RunPagesRepository,
    private readonly prices: Prices,
  ) {}

  /**
   * Lists runs, newest first. Default: 20 a page. A page reads at most 5000 runs. So a filter may leave fewer items than
   * `limit`, or none, although `next_cursor` is set.
   *
   * @param access the runs that may be read. Default: `HOST_PRINCIPAL`, all of the tenant `default`.
   * @throws AgentError `validation_failed` if the cursor or a time is invalid.
   *
   * @example
   * const { items, next_cursor } = await runs.list({ kind: 'task', limit: 100 }, { tenant: 'acme', endUser: 'ada' });
   */
  async list(filter: RunFilter = {}, access: RunAccess = HOST_PRINCIPAL): Promise<Page<RunSummary>> {
    const { limit = 20, cursor, status, kind, agent_role: agentRole, session_id: sessionId } = filter;
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const [from, to] = [epochOf('from', filter.from), epochOf('to', filter.to)];
    const selection = { status, kind, agentRole, sessionId, from, to };
    const { rows, next } = await this.pages.list(access, selection, limit, after);
    return { items: rows.map(summaryOf), next_cursor: next ? encodeCursor(next.at, next.id) : null };
  }

  /**
   * Returns a run with the times of its turns, tool calls and waits. Also returns its pending approvals, and its result or
   * error.
   *
   * @param access a run that may not be read is not found. Default: `HOST_PRINCIPAL`, all of the tenant `default`.
   * @throws AgentError `run_not_found`
   *
   * @example
   * const { status, turns, tool_calls, result } = await runs.get('f3b1c1de');
   */
  async get(runId: string, access: RunAccess = HOST_PRINCIPAL): Promise<RunDetails> {
    const row = await findRun(runId, access, this.database.query);
    if (!row || !isReadable(row, access)) throw new AgentError('run_not_found');
    const approvals = row.finished_at === null ? await findPending([runId], this.database.query) : [];
    const times = await findApprovalTimes(runId, this.database.query);
    return detailsOf(row, await this.#timelineOf(row), approvals, times);
  }

  /** A task that has not ended, or that ended without a process, has its times in its steps only. */
  async #timelineOf({ run_id, kind, timeline }: RunRow): Promise<Timeline> {
    if (timeline !== null) return readTimeline(timeline);
    if (kind !== 'task') return { turns: [], calls: [] };
    const steps = await this.database.query.selectFrom('steps').selectAll().where('run_id', '=', run_id).execute();
    return restoreSteps(steps).timeline.toTimeline((model, usage) => this.prices.costOf(model, usage));
  }
}

function epochOf(field: string, time: string | undefined): number | undefined {
  if (time === undefined) return undefined;
  const epochMs = Date.parse(time);
  if (Number.isNaN(epochMs)) throw invalidField(field, `${field} must be a time in ISO 8601.`);
  return epochMs;
}
