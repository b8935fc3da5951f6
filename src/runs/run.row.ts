import type { Selectable } from 'kysely';
import type { Owner, Principal } from '../auth/principal.js';
import { scopesAmong } from '../auth/scopes.js';
import { AgentError, type ErrorBody } from '../errors/agent.error.js';
import { isErrorBody, isErrorCode } from '../errors/error.body.js';
import type { ErrorCode } from '../errors/error.codes.js';
import { readStoredJson } from '../json/stored.json.js';
import type { RunTable } from '../storage/schema.js';
import type { RunEventPayload, RunResponse } from './events/run.events.js';
import { outcomeFrom, responseOf, type RunOutcome } from './events/run.outcome.js';
import { isStoredOutcome } from './events/stored.outcome.js';

export type RunRow = Selectable<RunTable>;

/** The columns of a new run that have the same value for most runs. */
const NEW_RUN = {
  crashes: 0,
  blamed_at: null,
  owner: null,
  holds_session: 1,
  end_user: null,
  scopes: null,
  request: null,
  metadata: null,
  input_tokens: 0,
  output_tokens: 0,
  cached_tokens: 0,
  reasoning_tokens: 0,
  cost: 0,
  error: null,
  outcome: null,
  timeline: null,
  cancel_reason: null,
  webhook_url: null,
  started_at: null,
  claimed_at: null,
  spent_ms: 0,
  finished_at: null,
  release: null,
  releases: null,
  has_events: null,
  not_before: null,
  failures: null,
  has_effects: null,
  effect_key: null,
  retry_of: null,
  agent_version: null,
  response: null,
} satisfies Partial<RunRow>;

/** The row of a new run. The columns that are not given have their defaults. */
export function newRow(given: Omit<RunRow, keyof typeof NEW_RUN> & Partial<RunRow>): RunRow {
  return { ...NEW_RUN, ...given };
}

/** True if the events of the run are stored, so that they can be read again. */
export function hasEvents({ kind, has_events }: Pick<RunRow, 'kind' | 'has_events'>): boolean {
  return has_events === 1 || (kind !== 'chat' && has_events !== 0);
}

/** True if nothing of the content of the run is stored. */
export function isUnstored({ has_events }: Pick<RunRow, 'has_events'>): boolean {
  return has_events === 0;
}

/** True if the owner may access a run of the tenant: end users only have access to their own runs. */
export function belongsTo({ end_user }: Pick<RunRow, 'end_user'>, { endUser }: Owner): boolean {
  return endUser === undefined || end_user === endUser;
}

/** The principal that submitted a task, with the scopes of that time. */
export function principalOfTask({ tenant, caller, scopes, end_user }: RunRow): Principal {
  return { tenant, id: caller, scopes: scopesAmong((scopes ?? '').split(' ')), endUser: end_user ?? undefined };
}

export function isOver({ finished_at }: Pick<RunRow, 'finished_at'>): boolean {
  return finished_at !== null;
}

/** The columns that hold how a run ended. */
export type EndColumns = Pick<RunRow, 'status' | 'outcome' | 'error' | 'request_id' | 'input_tokens' | 'output_tokens'>;

/** The stored outcome of a completed run; undefined without one. */
export function outcomeOf({ status, outcome, ...row }: EndColumns): RunOutcome | undefined {
  if (status !== 'completed' || outcome === null) return undefined;
  const stored = readStoredJson(outcome, 'runs.outcome', isStoredOutcome);
  return 'reply' in stored ? outcomeFrom(stored, row) : stored;
}

/** The same in the form of version 1. */
export function resultOf(row: EndColumns): RunResponse | undefined {
  const outcome = outcomeOf(row);
  return outcome && responseOf(outcome);
}

/** The failure of a failed or cancelled run. */
export function errorBodyOf({ status, error, outcome, request_id }: EndColumns): ErrorBody | undefined {
  if ((status !== 'failed' && status !== 'cancelled') || error === null) return undefined;
  if (outcome === null) return new AgentError(codeOf(error)).toBody(request_id);
  return readStoredJson(outcome, 'runs.outcome', isErrorBody);
}

/** The failure as an AgentError. */
export function failureOf(row: RunRow): AgentError {
  const body = errorBodyOf(row);
  if (!body) return new AgentError('internal_error');
  const { error, detail, errors } = body;
  return new AgentError(codeOf(error), { ...(detail === null ? {} : { detail }), ...(errors ? { errors } : {}) });
}

/** The cancellation that the row requests; undefined if nobody has cancelled the run. */
export function cancellationOf({ cancel_reason }: Pick<RunRow, 'cancel_reason'>): AgentError | undefined {
  return cancel_reason === null ? undefined : new AgentError('run_cancelled', { detail: cancel_reason });
}

/** The last event of a failed or cancelled run. */
export function finalEventOf(failure: AgentError, requestId: string): RunEventPayload {
  return isCancellation(failure)
    ? { type: 'run.cancelled', reason: failure.message }
    : { type: 'run.failed', error: failure.toBody(requestId) };
}

/** True if the caller left or somebody cancelled the run, so it did not fail. */
export function isCancellation({ code }: AgentError): boolean {
  return code === 'client_closed_request' || code === 'run_cancelled';
}

/** The status of a run that ends with the failure. */
export function statusOf(failure: AgentError): 'cancelled' | 'failed' {
  return isCancellation(failure) ? 'cancelled' : 'failed';
}

function codeOf(text: string): ErrorCode {
  return isErrorCode(text) ? text : 'internal_error';
}

/** The columns of a run that ends as failed or cancelled. */
export function failureColumns({ request_id }: Pick<RunRow, 'request_id'>, failure: AgentError) {
  return {
    status: statusOf(failure),
    holds_session: 0,
    error: failure.code,
    outcome: JSON.stringify(failure.toBody(request_id)),
    finished_at: Date.now(),
  };
}
