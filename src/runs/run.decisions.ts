import { Injectable } from '@nestjs/common';
import type { Transaction } from 'kysely';
import { actorOf, record } from '../audit/audit.record.js';
import type { Principal } from '../auth/principal.js';
import { AgentError, invalidField } from '../errors/agent.error.js';
import { Database } from '../storage/database.js';
import type { Schema } from '../storage/schema.js';
import type { Decision } from './run.approvals.js';
import { type ApprovalKey, RunControl, type RunState } from './run.control.js';
import { isOver, isOwn, type RunRow } from './run.row.js';

/** What somebody decides of tool calls that wait, on whichever replica. */
@Injectable()
export class RunDecisions {
  constructor(
    private readonly database: Database,
    private readonly control: RunControl,
  ) {}

  /**
   * Decides on a tool call that a run waits with; once, however often it is sent.
   *
   * @throws AgentError `run_not_found`, `not_found`, `approval_already_decided` or `task_already_finished`.
   */
  async decide(key: ApprovalKey, decision: Decision, principal: Principal, requestId?: string): Promise<RunState> {
    if (!['approve', 'reject'].includes(decision.decision)) {
      throw invalidField('decision', 'decision must be approve or reject');
    }
    const status = await this.database.write(async (transaction) => {
      const run = await lockedRun(key, principal, transaction);
      const { tool } = await openApproval(key, run, transaction);
      await transaction
        .updateTable('approvals')
        .set({
          decision: decision.decision,
          reason: decision.reason ?? null,
          decided_by: principal.id,
          decided_at: Date.now(),
        })
        .where('run_id', '=', key.runId)
        .where('approval_id', '=', key.approvalId)
        .execute();
      record(transaction, {
        action: 'approval.decided',
        tenant: run.tenant,
        actor: actorOf(principal, requestId),
        endUser: run.end_user ?? undefined,
        target: `run:${key.runId}`,
        details: { approval_id: key.approvalId, tool, decision: decision.decision },
      });
      if (run.status !== 'waiting_approval') return run.status;
      await transaction.updateTable('runs').set({ status: 'queued' }).where('run_id', '=', key.runId).execute();
      return 'queued';
    });
    this.control.decided(key, decision, status);
    return { run_id: key.runId, status };
  }
}

/** The run, which nobody else can change until the commit: whether it is going to rest, and what is decided, is one question. */
async function lockedRun(
  { runId }: ApprovalKey,
  principal: Principal,
  transaction: Transaction<Schema>,
): Promise<RunRow> {
  const { tenant } = principal;
  await transaction
    .updateTable('runs')
    .set((column) => ({ status: column.ref('status') }))
    .where('run_id', '=', runId)
    .where('tenant', '=', tenant)
    .execute();
  const run = await transaction
    .selectFrom('runs')
    .selectAll()
    .where('run_id', '=', runId)
    .where('tenant', '=', tenant)
    .executeTakeFirst();
  if (run === undefined || !isOwn(run, principal)) throw new AgentError('run_not_found');
  return run;
}

/** The approval, on which nobody has decided yet. */
async function openApproval(
  { runId, approvalId }: ApprovalKey,
  run: RunRow,
  transaction: Transaction<Schema>,
): Promise<{ readonly tool: string }> {
  const approval = await transaction
    .selectFrom('approvals')
    .select(['decision', 'tool'])
    .where('run_id', '=', runId)
    .where('approval_id', '=', approvalId)
    .executeTakeFirst();
  if (approval === undefined) throw new AgentError('not_found', { detail: `The run has no approval "${approvalId}".` });
  if (approval.decision !== null) throw new AgentError('approval_already_decided');
  if (isOver(run)) throw new AgentError('task_already_finished');
  return approval;
}
