import type { Transaction } from 'kysely';
import { actorOf, appendAudit } from '../../audit/audit.record.js';
import type { Principal } from '../../auth/principal.js';
import { AgentError, invalidField } from '../../errors/agent.error.js';
import type { Database } from '../../storage/database.js';
import type { Schema } from '../../storage/schema.js';
import type { Decision } from './run.approvals.js';
import type { ApprovalKey } from '../recovery/control.message.js';
import { decidableBy } from '../reading/run.access.js';
import { findRun, lockedRun } from '../recovery/locked.run.js';
import { failureOf, isOver, type RunRow } from '../run.row.js';
import type { RequestIds } from '../../http/http.types.js';

/** Whose decisions those of erased end users are. Ids of keys and tokens never have this form. */
const ERASED_CALLER = 'erased';

/** A decision with its tool call and its principal. */
interface Deciding {
  readonly key: ApprovalKey;
  readonly decision: Decision;
  readonly principal: Principal;
  readonly requestId: string | RequestIds | undefined;
}

/** The effect of a decision. */
interface Decided {
  /** `queued` if the run was suspended. */
  readonly status: RunRow['status'];
  /** The principal has made the same decision before. Nothing was stored. */
  readonly isRepeat: boolean;
}

/**
 * Stores a decision on a pending tool call. Only the first one counts. A repeat of it by the same principal stores
 * nothing, and gets the status of the run.
 *
 * @throws AgentError `run_not_found`, `not_found`, `approval_already_decided`, `approval_expired`,
 * `approval_by_requester` or `task_already_finished`.
 */
export async function storeDecision(database: Database, deciding: Deciding): Promise<Decided> {
  const { key, decision, principal } = deciding;
  if (!['approve', 'reject'].includes(decision.decision)) {
    throw invalidField('decision', 'decision must be approve or reject');
  }
  // Finds most refusals without a write.
  const found = await openApproval(
    deciding,
    await findRun(key.runId, decidableBy(principal), database.query),
    database.query,
  );
  if (found instanceof AgentError) throw found;
  if ('isRepeat' in found) return found;
  const stored = await database.write((transaction) => decided(deciding, transaction));
  if (stored instanceof AgentError) throw stored;
  return stored;
}

/** Removes the id of a caller from their decisions about runs of others, which stay. */
export async function forgetDecider(
  transaction: Transaction<Schema>,
  { tenant, caller }: { readonly tenant: string; readonly caller: string },
): Promise<boolean> {
  const { numUpdatedRows } = await transaction
    .updateTable('approvals')
    .set({ decided_by: ERASED_CALLER })
    .where('decided_by', '=', caller)
    // Older replicas store no tenant with an approval.
    .where((of) =>
      of.exists(
        of
          .selectFrom('runs')
          .select('run_id')
          .whereRef('runs.run_id', '=', 'approvals.run_id')
          .where('runs.tenant', '=', tenant),
      ),
    )
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Stores the decision. Returns its effect, or the refusal. */
async function decided(deciding: Deciding, transaction: Transaction<Schema>): Promise<Decided | AgentError> {
  const {
    key,
    decision: { decision, reason },
    principal,
    requestId,
  } = deciding;
  const { runId, approvalId } = key;
  // The lock keeps the status of the run and of the approval unchanged until the commit.
  const approval = await openApproval(
    deciding,
    await lockedRun(runId, decidableBy(principal), transaction),
    transaction,
  );
  if (approval instanceof AgentError || 'isRepeat' in approval) return approval;
  const { run, tool } = approval;
  await transaction
    .updateTable('approvals')
    .set({ decision, reason: reason ?? null, decided_by: principal.id, decided_at: Date.now() })
    .where('run_id', '=', runId)
    .where('approval_id', '=', approvalId)
    .execute();
  appendAudit(transaction, {
    action: 'approval.decided',
    tenant: run.tenant,
    actor: actorOf(principal, requestId),
    endUser: run.end_user ?? undefined,
    target: `run:${runId}`,
    details: { approval_id: approvalId, tool, decision },
    endUserDetail: 'decided_by',
  });
  if (run.status !== 'waiting_approval') return { status: run.status, isRepeat: false };
  await transaction.updateTable('runs').set({ status: 'queued' }).where('run_id', '=', runId).execute();
  return { status: 'queued', isRepeat: false };
}

/** The pending approval, the effect of a repeat, or the refusal. */
async function openApproval(
  { key: { runId, approvalId }, decision: { decision }, principal }: Deciding,
  run: RunRow | undefined,
  query: Pick<Transaction<Schema>, 'selectFrom'>,
): Promise<{ readonly run: RunRow; readonly tool: string } | Decided | AgentError> {
  if (run === undefined) return new AgentError('run_not_found');
  const approval = await query
    .selectFrom('approvals')
    .select(['decision', 'decided_by', 'decider', 'tool'])
    .where('run_id', '=', runId)
    .where('approval_id', '=', approvalId)
    .executeTakeFirst();
  if (approval === undefined) {
    return new AgentError('not_found', { detail: `The run has no approval "${approvalId}".` });
  }
  if (approval.decision !== null) {
    const isRepeat = approval.decision === decision && approval.decided_by === principal.id;
    return isRepeat ? { status: run.status, isRepeat } : new AgentError('approval_already_decided');
  }
  if (isOver(run)) return run.error === 'approval_expired' ? failureOf(run) : new AgentError('task_already_finished');
  if (approval.decider === 'another' && isRequester(run, principal)) return new AgentError('approval_by_requester');
  return { run, tool: approval.tool };
}

/**
 * True if the principal may be the person who started the run. Two end users are two persons. Without an end user the
 * principal itself counts.
 */
function isRequester({ caller, end_user }: RunRow, { id, endUser }: Principal): boolean {
  return end_user === null || endUser === undefined ? id === caller : endUser === end_user;
}
