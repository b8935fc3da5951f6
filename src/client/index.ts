/** The client of the service. It needs only web APIs, not Nest. */
export { RookeryClient } from './rookery.client.js';
export { RookeryError, type ClientErrorCode } from './rookery.error.js';
export type { RunsClient } from './runs.client.js';
export type { SessionsClient } from './sessions.client.js';
export type { TasksClient, WaitOptions } from './tasks.client.js';
export type {
  CallOptions,
  FollowOptions,
  ListOptions,
  RookeryClientOptions,
  Secret,
  StartOptions,
  TenantOptions,
} from './client.options.js';
export type {
  AgentRequest,
  AgentResponse,
  ApprovalDecision,
  ChatRequestV2,
  ChatResponseV2,
  ErrorBody,
  Message,
  Role,
  RunEvent,
  RunEventV2,
  RunState,
  Session,
  TaskRequest,
  TaskResponse,
  UsageQuery,
  UsageReport,
} from './api.names.js';
