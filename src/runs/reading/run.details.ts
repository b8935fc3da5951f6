import type { ErrorBody } from '../../errors/agent.error.js';
import { toUsd } from '../../storage/money.js';
import type { ApprovalTable } from '../../storage/schema.js';
import type { RunResponse } from '../events/run.events.js';
import type { RunUsage } from '../events/run.outcome.js';
import { type ApprovalTimes, type PendingApproval, pendingOf } from '../journal/pending.approval.js';
import type { RunToolCall, RunTurn, Timeline } from '../journal/run.timeline.js';
import { errorBodyOf, resultOf, type RunRow } from '../run.row.js';
import type { ListedRun } from './run.pages.repository.js';
import { type RunWait, waitsOf } from './run.waits.js';

/**
 * A run in a list. Times are ISO 8601, UTC.
 *
 * @example
 * import type { RunSummary } from 'rookery';
 *
 * const isSlow = ({ started_at, finished_at }: RunSummary) =>
 *   Date.parse(finished_at ?? '') - Date.parse(started_at ?? '') > 60_000;
 */
export interface RunSummary {
  /** The id of the run; of a task, also the id of the task. */
  readonly run_id: string;
  /** `completed`, `failed` and `cancelled` are final. */
  readonly status: RunRow['status'];
  /** The entry point that started the run. */
  readonly kind: RunRow['kind'];
  /** The agent that the run began with. */
  readonly agent_role: string;
  /** The session of the run. */
  readonly session_id: string;
  /** The end user that it runs for. Absent: the tenant. */
  readonly end_user?: string;
  /** The model that answered; before the answer, the model of the agent. */
  readonly model: string;
  /** The release of the agent; `code`: as coded in its class. */
  readonly release?: string;
  /** When the run was requested. */
  readonly created_at: string;
  /** When a process first began it. Absent: not started. */
  readonly started_at?: string;
  /** When it ended. Absent: not finished. */
  readonly finished_at?: string;
  /** Number of attempts so far; 0: a task that no worker has claimed. */
  readonly attempt: number;
  /** The tokens of all model calls, and their cost. Zero until the run has ended. */
  readonly usage: RunUsage;
  /** The code of the error of a failed or cancelled run. */
  readonly error_code?: string;
}

/**
 * One run with the times of its turns and tool calls.
 *
 * @example
 * import type { RunDetails } from 'rookery';
 *
 * const openCalls = ({ tool_calls }: RunDetails) =>
 *   tool_calls.filter(({ started_at, finished_at }) => started_at !== undefined && finished_at === undefined);
 */
export interface RunDetails extends RunSummary {
  /** The model calls, in order. Those of a chat or stream are known once it has ended. */
  readonly turns: readonly RunTurn[];
  /** The tool calls, in the order in which the model requested them. */
  readonly tool_calls: readonly RunToolCall[];
  /** The times in which the run waited, oldest first. */
  readonly waits: readonly RunWait[];
  /** The calls that wait for a decision. Absent: none. */
  readonly pending_approvals?: readonly PendingApproval[];
  /** The answer of a completed run. A chat without an idempotency key stores none. */
  readonly result?: RunResponse;
  /** The failure of a failed or cancelled run. */
  readonly error?: ErrorBody;
}

/** A row as callers see it in a list. */
export function summaryOf(row: ListedRun): RunSummary {
  const { end_user, release, started_at, finished_at, error } = row;
  return {
    run_id: row.run_id,
    status: row.status,
    kind: row.kind,
    agent_role: row.agent_role,
    session_id: row.session_id,
    ...(end_user === null ? {} : { end_user }),
    model: row.model,
    ...(release === null ? {} : { release }),
    created_at: toIso(row.created_at),
    ...(started_at === null ? {} : { started_at: toIso(started_at) }),
    ...(finished_at === null ? {} : { finished_at: toIso(finished_at) }),
    attempt: row.attempt,
    usage: usageOfRow(row),
    ...(error === null ? {} : { error_code: error }),
  };
}

/** @param approvals its undecided approvals. @param times of all its approvals. @throws StoredJsonError */
export function detailsOf(
  row: RunRow,
  timeline: Timeline,
  approvals: readonly ApprovalTable[],
  times: readonly ApprovalTimes[],
): RunDetails {
  const result = resultOf(row);
  const error = errorBodyOf(row);
  return {
    ...summaryOf(row),
    turns: timeline.turns,
    tool_calls: timeline.calls,
    waits: waitsOf(row, timeline, times),
    ...(approvals.length > 0 ? { pending_approvals: approvals.map(pendingOf) } : {}),
    ...(result ? { result } : {}),
    ...(error ? { error } : {}),
  };
}

function usageOfRow({ input_tokens, cached_tokens, output_tokens, reasoning_tokens, cost }: ListedRun): RunUsage {
  return {
    input_tokens,
    cached_tokens,
    output_tokens,
    reasoning_tokens,
    total_tokens: input_tokens + output_tokens,
    // The row has 0 for models without a price.
    ...(cost === 0 ? {} : { cost: toUsd(cost) }),
  };
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
