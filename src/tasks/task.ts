import type { ErrorBody } from '../errors/agent.error.js';
import type { RunResponse } from '../runs/events/run.events.js';
import { errorBodyOf, resultOf, type RunRow } from '../runs/run.row.js';
import type { ApprovalTable } from '../storage/schema.js';

/** A tool call that waits for approval, as callers see it. */
export interface PendingApproval {
  readonly approval_id: string;
  readonly tool: string;
  readonly arguments: unknown;
}

/** A background run, as callers see it. */
export interface Task {
  readonly task_id: string;
  readonly status: RunRow['status'];
  readonly agent_role: string;
  readonly session_id: string;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly started_at?: string;
  readonly finished_at?: string;
  /** Number of claims so far; 0: never claimed. */
  readonly attempt: number;
  readonly result?: RunResponse;
  readonly error?: ErrorBody;
  readonly pending_approvals?: readonly PendingApproval[];
}

/** @param approvals pending approvals of this task; may include those of other tasks. */
export function taskOf(row: RunRow, approvals: readonly ApprovalTable[] = []): Task {
  const { started_at, finished_at } = row;
  const result = resultOf(row);
  const error = errorBodyOf(row);
  const pending = finished_at === null ? approvals.filter(({ run_id }) => run_id === row.run_id) : [];
  return {
    task_id: row.run_id,
    status: row.status,
    agent_role: row.agent_role,
    session_id: row.session_id,
    created_at: toIso(row.created_at),
    ...(started_at === null ? {} : { started_at: toIso(started_at) }),
    ...(finished_at === null ? {} : { finished_at: toIso(finished_at) }),
    attempt: row.attempt,
    ...(result ? { result } : {}),
    ...(error ? { error } : {}),
    ...(pending.length > 0 ? { pending_approvals: pending.map(toPending) } : {}),
  };
}

function toPending({ approval_id, tool, arguments: input }: ApprovalTable): PendingApproval {
  return { approval_id, tool, arguments: JSON.parse(input) };
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
