import type { AgentError } from '../../errors/agent.error.js';
import type { OpenCall } from '../../sessions/open.calls.js';
import type { Turn } from '../../sessions/message.row.js';
import { Statement } from '../../storage/statements/statement.js';
import type { RunEventPayload, StoredEvent } from '../events/run.events.js';
import { responseOf, type RunOutcome } from '../events/run.outcome.js';
import type { Transcript } from '../loop/transcript.js';
import type { Run } from '../run.js';
import { finalEventOf, statusOf } from '../run.row.js';

/** How an attempt ended. */
export type RunEnd =
  { readonly outcome: RunOutcome; readonly transcript: Transcript } | { readonly failure: AgentError };

/** Only the newest attempt can end a run, once. A cancelled run only ends as cancelled. */
export const END_RUN = new Statement(`
  update runs set status = ?, holds_session = 0, owner = null, model = ?, input_tokens = ?, output_tokens = ?,
    cached_tokens = ?, reasoning_tokens = ?, cost = ?, error = ?, outcome = ?, response = ?, finished_at = ?,
    timeline = ?
  where run_id = ? and attempt = ? and status = 'running'
    and (cancel_reason is null or cast(? as integer) = 1)`);

/**
 * A completed task needs no journal. No attempt follows, and only failed and cancelled tasks are retried. Its times are
 * in its row, its results in its outcome. Replicas of the release before keep the steps of the tasks that they complete.
 */
export const DELETE_STEPS = new Statement('delete from steps where run_id = ?');

/** The last event of the run. */
export function lastEventOf(
  { context }: Run,
  end: { readonly outcome: RunOutcome } | { readonly failure: AgentError },
): RunEventPayload {
  return 'outcome' in end
    ? { type: 'run.completed', response: responseOf(end.outcome) }
    : finalEventOf(end.failure, context.requestId);
}

/** The turn of the run in its session. */
export function turnOf({ id, session }: Run, transcript: Transcript): Turn {
  const { tenant, session_id, nextPosition: position } = session;
  return transcript.rows({ tenant, session_id, run_id: id, position, created_at: Date.now() });
}

/** The columns of the session after the run. */
export function sessionRowOf({ agent, context, session }: Run) {
  const now = Date.now();
  const { tenant, session_id, createdAt: created_at = now } = session;
  const end_user = context.principal.endUser ?? session.fork?.endUser ?? null;
  return { tenant, session_id, agent_role: agent.role, end_user, created_at, updated_at: now };
}

/** The calls of the caller with which the run ended. */
export function openCallsIn(end: RunEnd): readonly OpenCall[] {
  const calls = 'outcome' in end ? (end.outcome.pending_calls ?? []) : [];
  return calls.map(({ call_id, tool }) => ({ call_id, tool }));
}

/** The values of the columns that `END_RUN` sets. */
export function endColumnsOf(
  { agent, context, spending, journal }: Run,
  end: RunEnd,
  finishedAt: number,
): readonly unknown[] {
  const { inputTokens, outputTokens, cachedTokens, reasoningTokens, cost = 0 } = spending.total;
  const [status, model, error, result] =
    'outcome' in end
      ? ['completed', end.outcome.model, null, end.outcome]
      : [statusOf(end.failure), agent.model, end.failure.code, end.failure.toBody(context.requestId)];
  // No client can ask again for a chat without a key.
  const isKept = (context.isKeyed || context.kind !== 'chat') && context.isUnstored !== true;
  const outcome = isKept ? JSON.stringify(result) : null;
  const response = context.kind === 'task' && 'outcome' in end ? shortResponse(end.outcome) : null;
  const tokens = [inputTokens, outputTokens, cachedTokens, reasoningTokens];
  const timeline = journal.timeline.toTimeline((name, usage) => spending.costOf(name, usage));
  return [status, model, ...tokens, cost, error, outcome, response, finishedAt, JSON.stringify(timeline)];
}

/** The texts that the end of a run stores. */
export function textsOf(
  columns: readonly unknown[],
  turn: Turn | undefined,
  events: readonly StoredEvent[],
): readonly unknown[] {
  return [...columns, ...(turn ?? []).flatMap((message) => Object.values(message)), ...events.map(({ data }) => data)];
}

/** The answer without the tool calls, so that lists need not read their results. Null without tool calls. */
function shortResponse(outcome: RunOutcome): string | null {
  return outcome.tool_calls.length > 0 ? JSON.stringify(responseOf(outcome)) : null;
}
