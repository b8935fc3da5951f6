import type { components, operations } from './api.types.js';

type Schemas = components['schemas'];

export type AgentRequest = Schemas['AgentRequest'];
export type AgentResponse = Schemas['AgentResponse'];
export type TaskRequest = Schemas['TaskRequest'];
export type TaskResponse = Schemas['TaskResponse'];
export type ApprovalDecision = Schemas['ApprovalDecision'];
export type RunState = Schemas['RunState'];
export type Role = Schemas['Role'];
export type Session = Schemas['Session'];
export type Message = Schemas['Message'];
export type UsageReport = Schemas['UsageReport'];
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

/** The filter and grouping of a usage report. */
export type UsageQuery = NonNullable<operations['usage_report']['parameters']['query']>;
