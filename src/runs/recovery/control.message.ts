import { isObject, isOptional, isString } from '../../json/json.object.js';
import { tryParseJson } from '../../json/json.text.js';
import type { Decision } from '../journal/run.approvals.js';

/** Identifies a pending tool call. `approval.required` contains both ids. */
export interface ApprovalKey {
  /** The run of the call; of a task: its `task_id`. */
  readonly runId: string;
  /** The waiting call, as `approval_id` in `approval.required`. */
  readonly approvalId: string;
}

/** Messages between replicas about runs. Cancellations and decisions are also in the database. */
export type ControlMessage =
  | { readonly type: 'cancelled'; readonly runId: string; readonly reason: string }
  | ({ readonly type: 'decided' } & ApprovalKey & Decision)
  | { readonly type: 'watched'; readonly runId: string };

/** Parses a message of any replica. Returns undefined for one that this release does not know. */
export function readControlMessage(text: string): ControlMessage | undefined {
  const message = tryParseJson(text);
  return isControlMessage(message) ? message : undefined;
}

function isControlMessage(value: unknown): value is ControlMessage {
  if (!isObject(value) || !isString(value.runId)) return false;
  const { type, reason, approvalId, decision } = value;
  switch (type) {
    case 'cancelled':
      return isString(reason);
    case 'decided':
      return isString(approvalId) && (decision === 'approve' || decision === 'reject') && isOptional(isString)(reason);
    case 'watched':
      return true;
    default:
      return false;
  }
}
