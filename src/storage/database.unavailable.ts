import { AgentError } from '../errors/agent.error.js';
import { causesOf } from '../errors/causes.js';
import { isObject, isString } from '../json/json.object.js';

/** SQLSTATEs after which the server ends the connection: shutdown, startup, or an idle timeout. */
const FATAL_SQLSTATES = /^(08|57P|25P0[34])/;
/** SQLSTATEs of a failing disk, and of a server that accepts no writes. */
const UNAVAILABLE_SQLSTATES = /^(58|25006)/;
/**
 * A full disk, too little memory, or conflicting transactions: a write may succeed alone. After a statement timeout or
 * a lock timeout, the other writes of the group may succeed.
 */
const RETRYABLE_ALONE_SQLSTATES = /^(53|40001|40P01|57014|55P03)/;
const READ_ONLY = '25006';

/**
 * The database cannot be reached, lost its connection, or cannot do its work now: `storage_unavailable`. The message is
 * for callers. The reason is for the log, and has neither a password nor a URL.
 */
export class DatabaseUnavailableError extends AgentError {
  override readonly name = 'DatabaseUnavailableError';
  readonly reason: string;

  /** @param isRetryableAlone whether the work itself may be the cause: other work of its group may succeed. */
  constructor(
    cause: unknown,
    problem = 'PostgreSQL cannot be reached',
    readonly isRetryableAlone = false,
  ) {
    const reason = `${problem}: ${reasonOf(cause)}`;
    // Not the driver's own error: it may hold the connection, which has the password.
    super('storage_unavailable', {}, { cause: new Error(reason) });
    this.reason = reason;
  }
}

/** Finds the outage among the causes of a failure, at any depth; undefined: it has another cause. */
export function outageIn(failure: unknown): DatabaseUnavailableError | undefined {
  return causesOf(failure).find((cause) => cause instanceof DatabaseUnavailableError);
}

/** The cause for a log line: the short reason of an outage, else the failure itself. */
export function loggedCause(cause: unknown): { readonly reason: string } | { readonly cause: unknown } {
  const outage = outageIn(cause);
  return outage ? { reason: outage.reason } : { cause };
}

/** Whether the database went away: no work is the cause, and the outcome of a COMMIT is unknown. */
export function isSharedOutage(reason: unknown): boolean {
  return reason instanceof DatabaseUnavailableError && !reason.isRetryableAlone;
}

/** Whether the server refused a statement and continues to serve the connection. */
export function isServerError(reason: unknown): boolean {
  const state = stateOf(reason);
  return state !== undefined && !FATAL_SQLSTATES.test(state);
}

/** Converts a refusal of the server into an outage if the server cannot work now; returns any other one unchanged. */
export function toOutage(answer: unknown): unknown {
  const state = stateOf(answer) ?? '';
  const isRetryableAlone = RETRYABLE_ALONE_SQLSTATES.test(state);
  if (!isRetryableAlone && !UNAVAILABLE_SQLSTATES.test(state)) return answer;
  return new DatabaseUnavailableError(answer, 'PostgreSQL cannot run the statement now', isRetryableAlone);
}

/** Whether the server is read-only. After a failover another connection may reach the new primary. */
export function isReadOnly(answer: unknown): boolean {
  return stateOf(answer) === READ_ONLY;
}

/** The SQLSTATE of a server error. */
function stateOf(reason: unknown): string | undefined {
  return isObject(reason) && 'severity' in reason && isString(reason.code) ? reason.code : undefined;
}

/** A host with several addresses fails with one error per address, and without a message. */
function reasonOf(cause: unknown): string {
  if (!isObject(cause)) return String(cause);
  if (Array.isArray(cause.errors)) return cause.errors.map(reasonOf).join(', ');
  return 'message' in cause ? String(cause.message) : 'no reason given';
}
