import { AgentError } from '../errors/agent.error.js';
import { causesOf } from '../errors/causes.js';

/** Classes of answers after which the server ends the connection: it shuts down, starts, or lost patience. */
const LAST_WORDS = /^(08|57P|25P0[34])/;
/** A disk that fails, a server that takes no writes. */
const UNABLE = /^(58|25006)/;
/**
 * A full disk, too little memory, two transactions in each other's way: a write alone may get through. A statement that
 * took too long, a lock that did not come: the writes beside that one may.
 */
const UNABLE_TOGETHER = /^(53|40001|40P01|57014|55P03)/;
const READ_ONLY = '25006';

/** What is known of an outage beside its cause. */
interface OutageDetails {
  /** Default: the server cannot be reached. */
  readonly problem?: string | undefined;
  /** The work itself may be to blame: others that were grouped with it may succeed. */
  readonly isOfWork?: boolean | undefined;
}

/**
 * The database cannot be reached, went away meanwhile, or cannot do its work now: `storage_unavailable`. Its message is
 * for callers; the reason is for the log, and has neither a password nor a URL.
 */
export class DatabaseAway extends AgentError {
  override readonly name = 'DatabaseAway';
  readonly reason: string;
  readonly isOfWork: boolean;

  constructor(cause: unknown, { problem = 'PostgreSQL cannot be reached', isOfWork = false }: OutageDetails = {}) {
    const reason = `${problem}: ${reasonOf(cause)}`;
    // Not the driver's own error: it may hold the connection, and that the password.
    super('storage_unavailable', {}, { cause: new Error(reason) });
    this.reason = reason;
    this.isOfWork = isOfWork;
  }
}

/** The lost database that a failure comes from, however deep; undefined: it has another cause. */
export function outageIn(failure: unknown): DatabaseAway | undefined {
  return causesOf(failure).find((cause) => cause instanceof DatabaseAway);
}

/** The part of a log line that says why: the reason of an outage in one short text, else the failure itself. */
export function loggedCause(cause: unknown): { readonly reason: string } | { readonly cause: unknown } {
  const outage = outageIn(cause);
  return outage ? { reason: outage.reason } : { cause };
}

/** No work of a group is to blame, and each of them would fail alike. */
export function isNobodysFault(reason: unknown): boolean {
  return reason instanceof DatabaseAway && !reason.isOfWork;
}

/** Whether the server has refused a statement, and goes on to serve the connection. */
export function isAnswer(reason: unknown): boolean {
  const state = stateOf(reason);
  return state !== undefined && !LAST_WORDS.test(state);
}

/** A refusal of the server: an outage if it is unable now, else as it is. */
export function refusalOf(answer: unknown): unknown {
  const state = stateOf(answer) ?? '';
  const problem = 'PostgreSQL cannot do its work';
  if (UNABLE.test(state)) return new DatabaseAway(answer, { problem });
  return UNABLE_TOGETHER.test(state) ? new DatabaseAway(answer, { problem, isOfWork: true }) : answer;
}

/** After a failover the old primary takes no writes: another connection may find the new one. */
export function isReadOnly(answer: unknown): boolean {
  return stateOf(answer) === READ_ONLY;
}

/** The SQLSTATE of what the server has said. */
function stateOf(reason: unknown): string | undefined {
  if (typeof reason !== 'object' || reason === null || !('severity' in reason) || !('code' in reason)) return undefined;
  return typeof reason.code === 'string' ? reason.code : undefined;
}

/** A name with several addresses fails with the reasons of all, and no message. */
function reasonOf(cause: unknown): string {
  if (typeof cause !== 'object' || cause === null) return String(cause);
  if ('errors' in cause && Array.isArray(cause.errors)) return cause.errors.map(reasonOf).join(', ');
  return 'message' in cause ? String(cause.message) : 'for no reason given';
}
