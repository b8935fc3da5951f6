/** A conversation, as callers see it. */
export interface Session {
  readonly session_id: string;
  /** The agent role of its last run. */
  readonly agent_role: string;
  /** The end user that owns it; omitted: it belongs to the tenant. */
  readonly end_user?: string;
  readonly message_count: number;
  /** ISO 8601, UTC. */
  readonly created_at: string;
  readonly updated_at: string;
}

/** One message of a conversation, as callers see it. */
export interface Message {
  readonly message_id: string;
  readonly run_id: string;
  readonly role: 'user' | 'assistant' | 'tool';
  readonly content: string;
  readonly tool?: string;
  readonly call_id?: string;
  /** ISO 8601, UTC. */
  readonly created_at: string;
}
