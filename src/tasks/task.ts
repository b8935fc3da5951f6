import type { ErrorBody } from '../errors/agent.error.js';
import type { RunResponse } from '../runs/events/run.events.js';
import { type PendingApproval, pendingOf } from '../runs/journal/pending.approval.js';
import { errorBodyOf, resultOf, type RunRow } from '../runs/run.row.js';
import type { ApprovalTable } from '../storage/schema.js';
import type { ListedTask } from './listed.tasks.js';

/** A background run, as callers see it. */
export interface Task {
  /** The id of the task, which is also that of its run. */
  readonly task_id: string;
  /** `completed`, `failed` and `cancelled` are final. */
  readonly status: RunRow['status'];
  /** The agent that the task began with. */
  readonly agent_role: string;
  /** The session of the task. */
  readonly session_id: string;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** ISO 8601, UTC. Absent: not started. */
  readonly started_at?: string;
  /** ISO 8601, UTC. Absent: not finished. */
  readonly finished_at?: string;
  /** Number of claims so far; 0: never claimed. */
  readonly attempt: number;
  /** The answer. Only if the task is `completed`. */
  readonly result?: RunResponse;
  /** The failure. Only if the task is `failed` or `cancelled`. */
  readonly error?: ErrorBody;
  /** The failed or cancelled task from whose journal this one continues. Absent: none. */
  readonly retry_of?: string;
  /** The calls that wait for a decision. Absent: none. */
  readonly pending_approvals?: readonly PendingApproval[];
}

/** @param approvals pending approvals of this task; may include those of other tasks. */
export function taskOf(row: ListedTask, approvals: readonly ApprovalTable[] = []): Task {
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
    ...(row.retry_of === null ? {} : { retry_of: row.retry_of }),
    ...(result ? { result } : {}),
    ...(error ? { error } : {}),
    ...(pending.length > 0 ? { pending_approvals: pending.map(pendingOf) } : {}),
  };
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** The task for those who decide on its calls, but may not read it. */
export function withoutOutcome(task: Task): Task {
  const { result: _, error: __, ...shown } = task;
  return shown;
}
