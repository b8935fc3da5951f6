/** The webhooks that are not delivered yet. */
export interface WebhookTable {
  /** The id of the task, or a new id for a webhook of another kind. */
  run_id: string;
  /** The task, if the webhook has a new id. Else null. */
  task_id: string | null;
  tenant: string;
  session_id: string;
  url: string;
  /** The host and port of the URL: a slow host must not delay the others. */
  host: string;
  /** The body to post. */
  body: string;
  /** Number of claims; writes of earlier claims are refused. */
  attempts: number;
  next_at: number;
  /** The replica that sends it. The claim ends with that replica, or at `claimed_until`. */
  claimed_by: string | null;
  claimed_until: number | null;
  first_tried_at: number | null;
  /** Null: not tried yet, or last by a replica of an older release. */
  last_tried_at: number | null;
  /** Why the last attempt failed; never text of the receiver's answer. */
  last_error: string | null;
  created_at: number;
  /** The id of the principal that submitted the task. Null: an older replica stored it, or it has no task. */
  caller: string | null;
}

/** The webhooks that were delivered or given up. They are kept as long as their runs. */
export interface WebhookDeliveryTable {
  /** As in `webhooks`. */
  run_id: string;
  /** As in `webhooks`. */
  task_id: string | null;
  tenant: string;
  session_id: string;
  /** The end user of the task; null: the tenant. */
  end_user: string | null;
  url: string;
  body: string;
  status: 'delivered' | 'given_up';
  attempts: number;
  first_tried_at: number;
  last_tried_at: number;
  last_error: string | null;
  /** Kept if it is sent again. */
  created_at: number;
  /** As in `webhooks`. */
  caller: string | null;
  finished_at: number;
}
