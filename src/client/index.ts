/** The client of the service. It needs only web APIs, not Nest. */
export { RookeryClient } from './rookery.client.js';
export { RookeryError, type ClientErrorCode } from './rookery.error.js';
export { newIdempotencyKey } from './random.id.js';
export type { ApprovalsClient } from './approvals.client.js';
export type { AuditClient } from './audit.client.js';
export type { AuditReport } from './audit.chain.js';
export type { EndUsersClient } from './end-users.client.js';
export { type KeysClient, SCOPES, type Scope } from './keys.client.js';
export type { ReleasesClient, SwitchesClient } from './operator.clients.js';
export type { RunsClient } from './runs.client.js';
export type { SessionsClient } from './sessions.client.js';
export type { TasksClient, WaitOptions } from './tasks.client.js';
export type { WebhooksClient } from './webhooks.client.js';
export type * from './client.options.js';
export type * from './api.names.js';
