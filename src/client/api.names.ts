import type { components, operations } from './api.types.js';

type Schemas = components['schemas'];

/** A request of version 1 to an agent. Its `message` has 1–4000 characters. */
export type AgentRequest = Schemas['AgentRequest'];
/** The answer of a completed run, in version 1. */
export type AgentResponse = Schemas['AgentResponse'];
/** A request for a task: that of `chat`, and a `webhook_url`. */
export type TaskRequest = Schemas['TaskRequest'];
/** A task: its status, and its result or error once it has ended. */
export type TaskResponse = Schemas['TaskResponse'];
/** A webhook of a task, and its tries. */
export type WebhookDelivery = Schemas['WebhookDelivery'];
/** A decision on a waiting tool call. The model reads the `reason` of a rejection. */
export type ApprovalDecision = Schemas['ApprovalDecision'];
/** The status of a run after a decision or a cancellation. */
export type RunState = Schemas['RunState'];
/** A run in a list: a chat, a stream or a task. */
export type RunSummary = Schemas['RunSummary'];
/** A run with the times of its turns and tool calls. */
export type RunDetails = Schemas['RunDetails'];
/** The same with the costs of the turns, and the waits of the run. */
export type RunDetailsV2 = Schemas['RunDetailsV2'];
/** A tool call that waits for a decision, and its run. */
export type WaitingApproval = Schemas['WaitingApproval'];
/** An agent that the service offers. */
export type Role = Schemas['Role'];
/** A session, without its messages. */
export type Session = Schemas['Session'];
/** A session with its title, and the run that it forks. */
export type SessionV2 = Schemas['SessionV2'];
/** The same with the calls that wait for results. */
export type SessionDetailsV2 = Schemas['SessionDetailsV2'];
/** A message of a session. */
export type Message = Schemas['Message'];
/** The usage of a period, and its cost in US dollars. */
export type UsageReport = Schemas['UsageReport'];
/** The budgets of this month, and what is used of them. */
export type BudgetList = Schemas['BudgetList'];
/** An API key, without its secret. */
export type ApiKey = Schemas['ApiKey'];
/** A key to create. */
export type NewKey = Schemas['NewKey'];
/** A new or rotated key. Only this answer has its secret, `key`. */
export type MadeKey = Schemas['MadeKey'];
/** Changes to a key; null removes a limit. */
export type KeyChanges = Schemas['KeyChanges'];
/** How a key gets a new secret. */
export type KeyRotation = Schemas['KeyRotation'];
/** The releases of the agents, and the source of the flags that choose among them. */
export type ReleaseList = Schemas['ReleaseList'];
/** A stopped agent, tool or tenant. */
export type Switch = Schemas['Switch'];
/** A stop, or the end of one. */
export type SwitchChange = Schemas['SwitchChange'];
/** An entry of the audit. Each has the hash of the one before. */
export type AuditEntry = Schemas['AuditEntry'];
/** The number of erased rows. */
export type ErasedData = Schemas['ErasedData'];
/** Whether the service accepts runs, and whether its database answers. */
export type Readiness = Schemas['Readiness'];
/** The body of every error response. */
export type ErrorBody = Schemas['ErrorResponse'];

/** An event of a run. The last one is `run.completed`, `run.failed` or `run.cancelled`. */
export type RunEvent = operations['chat_stream']['responses'][200]['content']['text/event-stream'];

type ChatV2 = operations['chatv2_chat'];

/** A request of version 2. */
export type ChatRequestV2 = ChatV2['requestBody']['content']['application/json'];
/** An answer of version 2. */
export type ChatResponseV2 = ChatV2['responses'][200]['content']['application/json'];
/** An event of version 2: its `run.completed` carries the whole answer. */
export type RunEventV2 = ChatV2['responses'][200]['content']['text/event-stream'];

/** The filter of a list of runs. `from` and `to` are times in ISO 8601. */
export type RunFilter = Omit<
  NonNullable<operations['runs_list']['parameters']['query']>,
  'tenant' | 'limit' | 'cursor'
>;

/** The filter and grouping of a usage report. */
export type UsageQuery = NonNullable<operations['usage_report']['parameters']['query']>;

/** The filter of the audit. `from` and `to` are times in ISO 8601. */
export type AuditFilter = Omit<
  NonNullable<operations['audit_list']['parameters']['query']>,
  'tenant' | 'limit' | 'cursor'
>;

/** A line of an export. The last one has the type `end`; without it the export is incomplete. */
export interface ExportedRow {
  /** Such as `message`, or `end`. */
  readonly type: string;
  readonly [field: string]: unknown;
}
