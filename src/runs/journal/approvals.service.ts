import { Injectable } from '@nestjs/common';
import { HOST_PRINCIPAL, type Principal } from '../../auth/principal.js';
import { hasScope } from '../../auth/scopes.js';
import { decodeCursor, encodeCursor } from '../../http/page.cursor.js';
import type { Page, PageRequest } from '../../http/page.dto.js';
import { Database } from '../../storage/database.js';
import { pageOf } from '../../storage/row.page.js';
import type { ApprovalTable } from '../../storage/schema.js';
import { pendingOf } from './pending.approval.js';
import type { RunRow } from '../run.row.js';
import { RunsModuleOptions } from '../runs.options.js';
import { decidableBy } from '../reading/run.access.js';

const HOUR_MS = 3_600_000;

/** A tool call that waits for a decision, and its run. Times are ISO 8601, UTC. */
export interface WaitingApproval {
  /** Identifies the call in `AgentRunnerService.decide`, together with `run_id`. */
  readonly approval_id: string;
  /** The run of the call. */
  readonly run_id: string;
  /** The same id, if the run is a task. */
  readonly task_id?: string;
  /** The name of the tool, as the model reads it. */
  readonly tool: string;
  /** The validated arguments. */
  readonly arguments: unknown;
  /** The requester cannot decide. Absent: they can. */
  readonly by?: 'another';
  /** The agent that the run began with. */
  readonly agent_role: string;
  /** The session of the run. */
  readonly session_id: string;
  /** The end user that the run is for. Absent: the tenant. */
  readonly end_user?: string;
  /** When the decision was asked for. */
  readonly created_at: string;
  /** When the run fails without a decision. Absent: never. */
  readonly expires_at?: string;
}

/**
 * Lists the tool calls that wait for a decision. `AgentModule` provides it.
 *
 * @example
 * import { Injectable } from '@nestjs/common';
 * import { AgentRunnerService, ApprovalsService } from 'rookery';
 *
 * \@Injectable()
 * export class Inbox {
 *   constructor(
 *     private readonly approvals: ApprovalsService,
 *     private readonly agents: AgentRunnerService,
 *   ) {}
 *
 *   async rejectOldest() {
 *     const { items } = await this.approvals.list();
 *     for (const { run_id: runId, approval_id: approvalId } of items) {
 *       await this.agents.decide({ runId, approvalId }, { decision: 'reject' });
 *     }
 *   }
 * }
 */
@Injectable()
export class ApprovalsService {
  constructor(
    private readonly database: Database,
    private readonly options: RunsModuleOptions,
  ) {}

  /**
   * Lists the tool calls of streams and tasks that wait for a decision, oldest first. Default: 20 a page.
   *
   * @param principal who asks. With the scope `approvals` they get those of the tenant, else only those of their own
   * runs. An end user only gets their own, unless they have that scope in a token of their own. Default:
   * `HOST_PRINCIPAL`.
   * @throws AgentError `validation_failed` if the cursor is invalid.
   *
   * @example
   * const { items, next_cursor } = await approvals.list({ tenant: 'acme', id: 'ops', scopes: ['approvals'] });
   */
  async list(
    principal: Principal = HOST_PRINCIPAL,
    { limit = 20, cursor }: Partial<PageRequest> = {},
  ): Promise<Page<WaitingApproval>> {
    const after = cursor === undefined ? undefined : decodeCursor(cursor);
    const rows = await this.#waiting(principal, limit + 1, after);
    return pageOf(
      rows,
      limit,
      (row) => this.#toItem(row),
      ({ created_at, approval_id }) => encodeCursor(created_at, approval_id),
    );
  }

  async #waiting(principal: Principal, limit: number, after?: { at: number; id: string }) {
    const { tenant, endUser } = decidableBy(principal);
    let query = this.database.query
      .selectFrom('approvals')
      .innerJoin('runs', 'runs.run_id', 'approvals.run_id')
      .select([
        'approval_id',
        'approvals.run_id',
        'tool',
        'arguments',
        'decider',
        'approvals.created_at',
        'expires_from',
      ])
      .select(['kind', 'agent_role', 'session_id', 'end_user', 'started_at'])
      .where('approvals.tenant', '=', tenant)
      .where('approvals.decided_at', 'is', null)
      // Not `finished_at`: PostgreSQL would search for its nulls.
      .where('runs.status', 'not in', ['completed', 'failed', 'cancelled']);
    if (!hasScope(principal, 'approvals')) query = query.where('runs.caller', '=', principal.id);
    if (endUser !== undefined) query = query.where('runs.end_user', '=', endUser);
    if (after) {
      query = query.where((row) =>
        row(row.refTuple('approvals.created_at', 'approval_id'), '>', row.tuple(after.at, after.id)),
      );
    }
    return await query.orderBy('approvals.created_at').orderBy('approval_id').limit(limit).execute();
  }

  #toItem(row: WaitingRow): WaitingApproval {
    const { run_id, kind, agent_role, session_id, end_user, created_at } = row;
    const expiresAt = this.#expiresAt(row);
    return {
      ...pendingOf(row),
      run_id,
      ...(kind === 'task' ? { task_id: run_id } : {}),
      agent_role,
      session_id,
      ...(end_user === null ? {} : { end_user }),
      created_at: new Date(created_at).toISOString(),
      ...(expiresAt === undefined ? {} : { expires_at: new Date(expiresAt).toISOString() }),
    };
  }

  /** A stream waits within its own time limit. */
  #expiresAt({ kind, created_at, expires_from, started_at }: WaitingRow): number | undefined {
    const { approvalTimeoutHours, timeoutMs } = this.options;
    if (kind !== 'task') return (started_at ?? created_at) + timeoutMs;
    if (approvalTimeoutHours === 0) return undefined;
    return Math.max(created_at, expires_from ?? 0) + approvalTimeoutHours * HOUR_MS;
  }
}

type WaitingRow = Pick<
  ApprovalTable,
  'approval_id' | 'run_id' | 'tool' | 'arguments' | 'decider' | 'created_at' | 'expires_from'
> &
  Pick<RunRow, 'kind' | 'agent_role' | 'session_id' | 'end_user' | 'started_at'>;
