import type { Transaction } from 'kysely';
import { tryParseJson } from '../../json/json.text.js';
import { StoredJsonError } from '../../json/stored.json.js';
import type { ApprovalTable, Schema } from '../../storage/schema.js';

/** A tool call that waits for approval, as callers see it. */
export interface PendingApproval {
  /** Identifies the call in `AgentRunnerService.decide` and `TasksService.decide`. */
  readonly approval_id: string;
  /** The name of the tool, as the model reads it. */
  readonly tool: string;
  /** The validated arguments. */
  readonly arguments: unknown;
  /** The requester cannot decide. Absent: they can. */
  readonly by?: 'another';
}

/** The undecided approvals of these runs, oldest first. */
export async function findPending(
  runIds: readonly string[],
  query: Pick<Transaction<Schema>, 'selectFrom'>,
): Promise<ApprovalTable[]> {
  if (runIds.length === 0) return [];
  return await query
    .selectFrom('approvals')
    .selectAll()
    .where('run_id', 'in', runIds)
    .where('decision', 'is', null)
    .orderBy('created_at')
    .execute();
}

/** The time of a wait for a decision, in epoch milliseconds. */
export type ApprovalTimes = Pick<ApprovalTable, 'tool' | 'created_at' | 'decided_at'>;

/** The times of all approvals of a run, oldest first. */
export async function findApprovalTimes(
  runId: string,
  query: Pick<Transaction<Schema>, 'selectFrom'>,
): Promise<ApprovalTimes[]> {
  return await query
    .selectFrom('approvals')
    .select(['tool', 'created_at', 'decided_at'])
    .where('run_id', '=', runId)
    .orderBy('created_at')
    .execute();
}

/** @throws StoredJsonError */
export function pendingOf({
  approval_id,
  tool,
  arguments: text,
  decider: by,
}: Pick<ApprovalTable, 'approval_id' | 'tool' | 'arguments' | 'decider'>): PendingApproval {
  const input = tryParseJson(text);
  if (input === undefined) throw new StoredJsonError('approvals.arguments');
  return { approval_id, tool, arguments: input, ...(by === null ? {} : { by }) };
}
