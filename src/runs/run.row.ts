import type { Selectable } from 'kysely';
import type { Owner, Principal } from '../auth/principal.js';
import { scopesAmong } from '../auth/scopes.js';
import { AgentError, type ErrorBody } from '../errors/agent.error.js';
import { ERROR_CODES, type ErrorCode } from '../errors/error.codes.js';
import type { RunTable } from '../storage/schema.js';
import type { RunFact, RunResponse } from './run.events.js';
import { outcomeFrom, responseOf, type RunOutcome } from './run.outcome.js';

export type RunRow = Selectable<RunTable>;

/** Whether a run of the tenant is for the asker: the tenant has all of them, an end user his own. */
export function isOwn({ end_user }: Pick<RunRow, 'end_user'>, { endUser }: Owner): boolean {
  return endUser === undefined || end_user === endUser;
}

/** Who asked for a task, as far as its row tells: with what he might do then. */
export function principalOfTask({ tenant, caller, scopes, end_user }: RunRow): Principal {
  return { tenant, id: caller, scopes: scopesAmong((scopes ?? '').split(' ')), endUser: end_user ?? undefined };
}

/** What a row says of a run that is over. */
export function isOver({ finished_at }: Pick<RunRow, 'finished_at'>): boolean {
  return finished_at !== null;
}

/** The outcome of a completed run that is kept. */
export function outcomeOf({ status, outcome, ...row }: RunRow): RunOutcome | undefined {
  if (status !== 'completed' || outcome === null) return undefined;
  // Before version 2 only the answer was kept.
  const kept: RunOutcome | RunResponse = JSON.parse(outcome);
  return 'reply' in kept ? outcomeFrom(kept, row) : kept;
}

/** The same as version 1 answers it. */
export function resultOf(row: RunRow): RunResponse | undefined {
  const outcome = outcomeOf(row);
  return outcome && responseOf(outcome);
}

/** The failure of a run that came to nothing. */
export function errorBodyOf({ status, error, outcome, request_id }: RunRow): ErrorBody | undefined {
  if ((status !== 'failed' && status !== 'cancelled') || error === null) return undefined;
  if (outcome === null) return new AgentError(codeOf(error)).toBody(request_id);
  const body: ErrorBody = JSON.parse(outcome);
  return body;
}

/** The failure as it was thrown. */
export function failureOf(row: RunRow): AgentError {
  const body = errorBodyOf(row);
  if (!body) return new AgentError('internal_error');
  const { error, detail, errors } = body;
  return new AgentError(error, { ...(detail === null ? {} : { detail }), ...(errors ? { errors } : {}) });
}

/** The cancellation that the row asks for. Undefined if nobody has cancelled the run. */
export function cancellationOf({ cancel_reason }: Pick<RunRow, 'cancel_reason'>): AgentError | undefined {
  return cancel_reason === null ? undefined : new AgentError('run_cancelled', { detail: cancel_reason });
}

/** The last event of a run that failed. */
export function endingOf(failure: AgentError, requestId: string): RunFact {
  return isCancellation(failure)
    ? { type: 'run.cancelled', reason: failure.message }
    : { type: 'run.failed', error: failure.toBody(requestId) };
}

/** The run was given up by its caller or by somebody else: it did not fail. */
export function isCancellation({ code }: AgentError): boolean {
  return code === 'client_closed_request' || code === 'run_cancelled';
}

function codeOf(text: string): ErrorCode {
  return isCode(text) ? text : 'internal_error';
}

function isCode(text: string): text is ErrorCode {
  return Object.hasOwn(ERROR_CODES, text);
}

/** What the row says once the run has come to nothing, whoever ends it. */
export function endingColumns({ request_id }: Pick<RunRow, 'request_id'>, failure: AgentError) {
  const status: RunRow['status'] = isCancellation(failure) ? 'cancelled' : 'failed';
  return {
    status,
    holds_session: 0,
    error: failure.code,
    outcome: JSON.stringify(failure.toBody(request_id)),
    finished_at: Date.now(),
  };
}
