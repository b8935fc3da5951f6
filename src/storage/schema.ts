import type { SessionWaiterTable } from './tables/waiter.schema.js';
import type { AuditEntryTable, AuditSubjectTable } from './tables/audit.schema.js';
import type { WebhookDeliveryTable, WebhookTable } from './tables/webhook.schema.js';
import type { SharedSecretTable } from './tables/secret.schema.js';
import type { ApiKeyTable } from './tables/key.schema.js';
import type { SessionSourceTable } from './tables/fork.schema.js';
import type { OpenAIResponseTable } from './tables/openai.schema.js';
import type { SwitchTable } from './tables/switch.schema.js';
import type { TenantSizeTable } from './tables/tenant.schema.js';
import type { BudgetTable, ReservationTable, UsageTable } from './tables/usage.schema.js';

/** The tables. Portable types only: text ids, times as epoch milliseconds, JSON as text. */
export interface Schema {
  sessions: SessionTable;
  messages: MessageTable;
  summaries: SummaryTable;
  runs: RunTable;
  events: EventTable;
  early_facts: EarlyFactTable;
  steps: StepTable;
  approvals: ApprovalTable;
  idempotency_keys: IdempotencyKeyTable;
  session_waiters: SessionWaiterTable;
  replicas: ReplicaTable;
  webhooks: WebhookTable;
  webhook_deliveries: WebhookDeliveryTable;
  api_keys: ApiKeyTable;
  usage: UsageTable;
  budgets: BudgetTable;
  reservations: ReservationTable;
  audit_entries: AuditEntryTable;
  audit_subjects: AuditSubjectTable;
  pending_erasures: PendingErasureTable;
  switches: SwitchTable;
  shared_secrets: SharedSecretTable;
  tenant_sizes: TenantSizeTable;
  openai_responses: OpenAIResponseTable;
  session_sources: SessionSourceTable;
}

export interface SessionTable {
  tenant: string;
  session_id: string;
  /** The agent role of its last run. */
  agent_role: string;
  /** The end user that owns it; null: it belongs to the tenant. */
  end_user: string | null;
  message_count: number;
  created_at: number;
  updated_at: number;
  /** The calls that wait for results of the caller: OpenCalls as JSON; null: none. */
  open_calls: string | null;
  /** A fork: how many of the messages it has inherited. Those whose session was erased count too. Null: it is none. */
  inherited_count: number | null;
  /** The metadata of a conversation of the OpenAI-compatible API, as JSON; null: none. */
  metadata: string | null;
}

export interface MessageTable {
  message_id: string;
  tenant: string;
  session_id: string;
  /** Position in the session: 0, 1, 2 … */
  position: number;
  run_id: string;
  role: 'user' | 'assistant' | 'tool';
  content: string;
  /** The parts of a user message beside its text: MessagePart[] as JSON; null: none. */
  parts: string | null;
  /** The tool of a result. `developer` on the role `user`: the message is of the developer. Older replicas do not know. */
  tool: string | null;
  call_id: string | null;
  /** The tool calls of an assistant message: ModelToolCall[] as JSON. */
  tool_calls: string | null;
  /** The data that the provider of an assistant message expects back: ProviderData as JSON; null: none. */
  provider_data: string | null;
  /** The reasoning that led to an assistant message: StoredReasoning[] as JSON; null: none, or it is older. */
  reasoning: string | null;
  /** Estimated tokens, so that a window of history is chosen without counting again. */
  tokens: number;
  created_at: number;
}

/** A summary of the messages before `until_position`. It is erased with its session. */
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
  /** The entry point. A chat or a stream ends with its process, because its caller is gone. A task continues. */
  kind: 'chat' | 'stream' | 'task';
  status: 'queued' | 'running' | 'waiting_approval' | 'completed' | 'failed' | 'cancelled';
  /** Number of claims; writes of earlier claims are refused. */
  attempt: number;
  /** Processes that died in a row while they ran it. A finished step resets it. */
  crashes: number;
  /** Since when it is blamed for these deaths; null: it is not, or that is settled. */
  blamed_at: number | null;
  /** The replica that runs it; null: none. */
  owner: string | null;
  /** 1 while no other run may append to its session. */
  holds_session: number;
  /** The id of the calling principal. */
  caller: string;
  /** The end user that it runs for; null: the tenant. */
  end_user: string | null;
  /** The scopes of the caller at submission, separated by spaces; tasks only. */
  scopes: string | null;
  request_id: string;
  /** RunRequest as JSON; tasks only. */
  request: string | null;
  /** The caller's metadata as JSON; null: none. */
  metadata: string | null;
  model: string;
  /** Input tokens of all its model calls, even if it failed. */
  input_tokens: number;
  output_tokens: number;
  /** The cached part of the input tokens. */
  cached_tokens: number;
  /** The reasoning part of the output tokens. */
  reasoning_tokens: number;
  /** In nano-dollars (1e-9 US dollars). */
  cost: number;
  /** The error code, if it did not complete. */
  error: string | null;
  /** RunOutcome or ErrorBody as JSON, for every run whose caller may come back. */
  outcome: string | null;
  /** The times of its turns and tool calls as JSON; null: not over, or ended by another process. */
  timeline: string | null;
  /** Set as soon as it is cancelled: from then on it can only end as cancelled. */
  cancel_reason: string | null;
  webhook_url: string | null;
  created_at: number;
  started_at: number | null;
  claimed_at: number | null;
  /** Milliseconds of its timeout that earlier attempts have used. */
  spent_ms: number;
  finished_at: number | null;
  /** Release of the agent; `code`: as coded in its class; null: older than releases. */
  release: string | null;
  /** The releases of other agents that a task may reach, by role, as JSON; null: all are as coded. */
  releases: string | null;
  /** 1 for a chat whose events are stored, because a stream may repeat it. Streams and tasks always store theirs. */
  has_events: number | null;
  /** A queued task is not claimed earlier; null: at once. */
  not_before: number | null;
  /** Attempts in a row that a provider failed. A finished step resets it; null: none. */
  failures: number | null;
  /** 1 once a tool that must not be repeated has begun; only chats and streams with an idempotency key. */
  has_effects: number | null;
  /** The beginning of the idempotency keys of its tool calls; null: its run id. */
  effect_key: string | null;
  /** The failed or cancelled task whose journal it continues; null: none. */
  retry_of: string | null;
  /** The version of the agent of a task; null: any, or an older replica has written it. */
  agent_version: string | null;
  /** RunResponse as JSON, for lists; only tasks with tool calls, whose `outcome` may be long. */
  response: string | null;
}

/** One or more events of a run that were emitted together. */
interface EventTable {
  run_id: string;
  /** The sequence of the first event in the row. */
  sequence: number;
  last_sequence: number;
  /** The events as JSON, one per line. */
  body: string;
}

/** One or more facts of a run that are stored before the event that follows. */
interface EarlyFactTable {
  run_id: string;
  /** The event before them. */
  sequence: number;
  /** The place of the first one among those after that event, from 1. */
  part: number;
  last_part: number;
  /** The facts as JSON, one per line. */
  body: string;
}

/** The steps of a task, so that another attempt does not repeat them. */
export interface StepTable {
  run_id: string;
  /** Its path in the run: the turn, the call within it, and so on for nested agents. */
  step: string;
  state: 'started' | 'finished';
  /** The result of a finished step as JSON. The idempotency key of a started call, if another run has begun it. */
  body: string;
  /** The attempt that calls the tool; null for a finished step, a turn, and an agent called as a tool. */
  attempt: number | null;
  /** Processes that died during the call. */
  deaths: number;
  /** 1 for a step of the task that this one retries. Its usage is counted there. */
  inherited: number | null;
  /** When the model or the tool was first called; null: never, or by an older replica. */
  started_at: number | null;
  finished_at: number | null;
  /** How often the tool was called; null for a turn, and for a call of an older replica. */
  tries: number | null;
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
  /** When it was decided, or when its run ended without a decision; null: it waits. */
  decided_at: number | null;
  created_at: number;
  /** The tenant of its run; null: an older replica has written it. */
  tenant: string | null;
  /** The time from which its timeout counts; null: `created_at`. */
  expires_from: number | null;
  /** When the webhook of its task announced it; null: not yet. */
  announced_at: number | null;
  /** `another`: not the requester; null: anybody who may decide, or an older replica has written it. */
  decider: 'another' | null;
}

export interface IdempotencyKeyTable {
  tenant: string;
  caller: string;
  route: string;
  idempotency_key: string;
  /** The fingerprint of the validated body. */
  fingerprint: string;
  run_id: string;
  created_at: number;
}

/** The processes that use this database, and their last heartbeats. */
interface ReplicaTable {
  replica_id: string;
  heartbeat_at: number;
  /** The level of its release: what it can read. Null: less than 1. */
  level: number | null;
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
