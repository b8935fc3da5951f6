import type { AuditEntryTable, AuditSubjectTable } from './audit.schema.js';

/** The tables. Portable types only: text ids, times as epoch milliseconds, JSON as text. */
export interface Schema {
  sessions: SessionTable;
  messages: MessageTable;
  summaries: SummaryTable;
  runs: RunTable;
  events: EventTable;
  steps: StepTable;
  approvals: ApprovalTable;
  idempotency_keys: IdempotencyKeyTable;
  replicas: ReplicaTable;
  webhooks: WebhookTable;
  api_keys: ApiKeyTable;
  usage: UsageTable;
  budgets: BudgetTable;
  reservations: ReservationTable;
  audit_entries: AuditEntryTable;
  audit_subjects: AuditSubjectTable;
  pending_erasures: PendingErasureTable;
}

export interface SessionTable {
  tenant: string;
  session_id: string;
  /** The role of its last run. */
  agent_role: string;
  /** Whose it is within the tenant; null: the tenant's own. */
  end_user: string | null;
  message_count: number;
  created_at: number;
  updated_at: number;
}

export interface MessageTable {
  message_id: string;
  tenant: string;
  session_id: string;
  /** Place in the session: 0, 1, 2 … */
  position: number;
  run_id: string;
  role: 'user' | 'assistant' | 'tool';
  content: string;
  /** What a user's message has beside text: MessagePart[] as JSON; null where that is nothing. */
  parts: string | null;
  tool: string | null;
  call_id: string | null;
  /** What an assistant's message has called: ModelToolCall[] as JSON. */
  tool_calls: string | null;
  /** Estimated size, so that a window of history is chosen without counting again. */
  tokens: number;
  created_at: number;
}

/** What was said before `until_position`, in short. It goes with its session. */
interface SummaryTable {
  tenant: string;
  session_id: string;
  content: string;
  until_position: number;
  updated_at: number;
}

export interface RunTable {
  run_id: string;
  tenant: string;
  session_id: string;
  agent_role: string;
  /** Which door it came by: whoever waits for a chat or a stream has gone when its process dies, a task goes on. */
  kind: 'chat' | 'stream' | 'task';
  status: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
  /** Counts the claims: what an earlier one writes is refused. */
  attempt: number;
  /** Processes that died in a row while they ran it. A finished step takes it back. */
  crashes: number;
  /** Since when it seems to be the cause of these deaths; null: it is not, or that is settled. */
  blamed_at: number | null;
  /** The replica that runs it; null while none does. */
  owner: string | null;
  /** 1 while nobody else may add to its session. */
  holds_session: number;
  /** The id of the principal that asked. */
  caller: string;
  /** On whose behalf within the tenant. */
  end_user: string | null;
  /** What the caller may do, when it asked; of tasks only. Divided by spaces. */
  scopes: string | null;
  request_id: string;
  /** RunRequest as JSON; of tasks only. */
  request: string | null;
  /** What the caller has noted of it, as JSON; null: nothing. */
  metadata: string | null;
  model: string;
  /** Of all its model calls, also where it failed. */
  input_tokens: number;
  output_tokens: number;
  /** Of the input. */
  cached_tokens: number;
  /** Of the output. */
  reasoning_tokens: number;
  /** In thousand-millionths of a US dollar. */
  cost: number;
  /** The code of why it came to nothing. */
  error: string | null;
  /** RunOutcome or ErrorBody as JSON; of every run that somebody may come back for. */
  outcome: string | null;
  /** Set as soon as somebody has cancelled it: from then on it can end in no other way. */
  cancel_reason: string | null;
  webhook_url: string | null;
  created_at: number;
  started_at: number | null;
  claimed_at: number | null;
  /** Milliseconds that earlier attempts have used of its time. */
  spent_ms: number;
  finished_at: number | null;
  /** Of its agent; `code`: as its class has it; null: of before there were any. */
  release: string | null;
  /** By role, those of the other agents that a task may come to, as JSON; null: all are as coded. */
  releases: string | null;
}

/** One or several events of a run that were told together. */
interface EventTable {
  run_id: string;
  /** Of the first event in the row. */
  sequence: number;
  last_sequence: number;
  /** The events as JSON, one a line. */
  body: string;
}

/** What a task has done, so that it is not done again. */
export interface StepTable {
  run_id: string;
  /** Its place in the run: the turn, the call within it, and so on inward. */
  step: string;
  state: 'started' | 'finished';
  body: string;
  /** The attempt that calls the tool; null for a finished step, a turn, and an agent that is asked. */
  attempt: number | null;
  /** Processes that died while they made the call. */
  deaths: number;
}

export interface ApprovalTable {
  run_id: string;
  approval_id: string;
  step: string;
  tool: string;
  /** As JSON. */
  arguments: string;
  decision: 'approve' | 'reject' | null;
  reason: string | null;
  /** The id of the principal that decided. */
  decided_by: string | null;
  decided_at: number | null;
  created_at: number;
}

export interface IdempotencyKeyTable {
  tenant: string;
  caller: string;
  route: string;
  idempotency_key: string;
  /** Of the validated body. */
  fingerprint: string;
  run_id: string;
  created_at: number;
}

/** The processes that serve this database, and when each was last heard of. */
interface ReplicaTable {
  replica_id: string;
  heartbeat_at: number;
}

/** The end of a task, until its caller has been told of it. */
export interface WebhookTable {
  /** Of the task, or else of what is told. */
  run_id: string;
  tenant: string;
  session_id: string;
  url: string;
  /** The host and port of the url: one that is slow must not hold up the others. */
  host: string;
  /** What is posted. */
  body: string;
  /** Counts the claims: what an earlier one writes is refused. */
  attempts: number;
  next_at: number;
  /** The replica that tries; its claim ends with it, or with `claimed_until`. */
  claimed_by: string | null;
  claimed_until: number | null;
  first_tried_at: number | null;
  created_at: number;
}

export interface ApiKeyTable {
  /** The part of the key by which it is found; no secret. */
  key_id: string;
  /** SHA-256 of the secret part. */
  hash: string;
  /** Of the secret before the last rotation, which is good until `previous_until`. */
  previous_hash: string | null;
  previous_until: number | null;
  name: string;
  tenant: string;
  /** Divided by spaces. */
  scopes: string;
  requests_per_minute: number | null;
  tokens_per_month: number | null;
  /** In thousand-millionths of a US dollar. */
  cost_per_month: number | null;
  expires_at: number | null;
  created_at: number;
  /** The id of the principal that made it. */
  created_by: string;
  revoked_at: number | null;
  /** To a minute. */
  last_used_at: number | null;
}

/** What was used, added up; it outlives the runs. Costs are in thousand-millionths of a US dollar. */
export interface UsageTable {
  tenant: string;
  /** `2026-01-31`, UTC. */
  day: string;
  /** The id of the principal that asked. */
  caller: string;
  role: string;
  model: string;
  /** Who writes it; `''` for what dead replicas have left. */
  replica_id: string;
  runs: number;
  input_tokens: number;
  cached_tokens: number;
  output_tokens: number;
  reasoning_tokens: number;
  cost: number;
}

/** What somebody who has a budget has used in a month. */
interface BudgetTable {
  tenant: string;
  /** The id of a principal; `''`: the tenant. */
  payer: string;
  /** `2026-01`, UTC. */
  month: string;
  tokens: number;
  cost: number;
  /** The last part of the budget that was warned of. */
  warned_percent: number;
}

/** What a model call under way may use at most. It counts as long as its replica lives. */
interface ReservationTable {
  reservation_id: string;
  tenant: string;
  payer: string;
  month: string;
  tokens: number;
  cost: number;
  owner: string;
  created_at: number;
}

/** Data that is erased, but that the log of the SQLite file may still hold. PostgreSQL has no rows here. */
interface PendingErasureTable {
  /** SHA-256 of the name of what was erased, or `''`. */
  target: string;
  /** SHA-256 of the end user whose data it was. */
  owner: string | null;
  /** Grows with each commit that erases. A truncation covers the commits before its start. */
  sequence: number;
  /** The time of the truncation; null: the log may hold the data. */
  finished_at: number | null;
}
