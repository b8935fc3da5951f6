/**
 * How a route keeps the data of others from a caller:
 * - `operator`: only `admin` may call it.
 * - `id`: an object of another tenant or end user is not found.
 * - `list`: it has no object of another tenant or end user.
 * - `usage`: as `list`, and a key with an end user may not call it.
 * - `start`: it does not continue the session of another end user. Another tenant gets its own session of that id.
 * - `end-user`: it names an end user, and reaches only those of the tenant. End users reach only themselves.
 * - `shared`: its answer is the same for all.
 * - `socket`: its frames have their own table.
 */
export type Access = 'operator' | 'id' | 'list' | 'usage' | 'start' | 'end-user' | 'shared' | 'socket';

const [ADMIN, V1, V2, OPENAI] = ['/api/v1/admin', '/api/v1/agent', '/api/v2/agent', '/v1'] as const;

/** Every route that needs credentials. A test fails if a route is missing here, or is here and does not exist. */
export const ROUTE_ACCESS: Readonly<Record<string, Access>> = {
  [`GET ${ADMIN}/audit`]: 'operator',
  [`GET ${ADMIN}/audit/export`]: 'operator',
  [`GET ${ADMIN}/budgets`]: 'operator',
  [`GET ${ADMIN}/keys`]: 'operator',
  [`POST ${ADMIN}/keys`]: 'operator',
  [`PATCH ${ADMIN}/keys/{key_id}`]: 'operator',
  [`DELETE ${ADMIN}/keys/{key_id}`]: 'operator',
  [`POST ${ADMIN}/keys/{key_id}/rotate`]: 'operator',
  [`GET ${ADMIN}/releases`]: 'operator',
  [`GET ${ADMIN}/switches`]: 'operator',
  [`PUT ${ADMIN}/switches`]: 'operator',
  [`DELETE ${ADMIN}/tenants/{tenant}`]: 'operator',
  [`GET ${ADMIN}/tenants/{tenant}/export`]: 'operator',
  [`GET ${ADMIN}/tenants/{tenant}/webhook-secrets`]: 'operator',
  [`GET ${V1}/approvals`]: 'list',
  [`POST ${V1}/chat`]: 'start',
  [`POST ${V1}/chat/stream`]: 'start',
  [`DELETE ${V1}/end-users/{end_user}`]: 'end-user',
  [`GET ${V1}/end-users/{end_user}/export`]: 'end-user',
  [`GET ${V1}/roles`]: 'shared',
  [`GET ${V1}/runs`]: 'list',
  [`GET ${V1}/runs/{run_id}`]: 'id',
  [`POST ${V1}/runs/{run_id}/approvals/{approval_id}`]: 'id',
  [`POST ${V1}/runs/{run_id}/cancel`]: 'id',
  [`GET ${V1}/runs/{run_id}/events`]: 'id',
  [`DELETE ${V1}/sessions`]: 'end-user',
  [`GET ${V1}/sessions`]: 'list',
  [`DELETE ${V1}/sessions/{session_id}`]: 'id',
  [`GET ${V1}/sessions/{session_id}`]: 'id',
  [`GET ${V1}/sessions/{session_id}/export`]: 'id',
  [`GET ${V1}/sessions/{session_id}/messages`]: 'id',
  [`GET ${V1}/tasks`]: 'list',
  [`POST ${V1}/tasks`]: 'start',
  [`GET ${V1}/tasks/{task_id}`]: 'id',
  [`POST ${V1}/tasks/{task_id}/approvals/{approval_id}`]: 'id',
  [`POST ${V1}/tasks/{task_id}/cancel`]: 'id',
  [`GET ${V1}/tasks/{task_id}/events`]: 'id',
  [`POST ${V1}/tasks/{task_id}/retry`]: 'id',
  [`GET ${V1}/usage`]: 'usage',
  [`GET ${V1}/webhooks`]: 'list',
  [`POST ${V1}/webhooks/{webhook_id}/redeliver`]: 'id',
  [`GET ${V1}/ws`]: 'socket',
  [`POST ${V2}/chat`]: 'start',
  [`GET ${V2}/runs/{run_id}`]: 'id',
  [`GET ${V2}/runs/{run_id}/events`]: 'id',
  [`GET ${V2}/sessions`]: 'list',
  [`GET ${V2}/sessions/{session_id}`]: 'id',
  [`GET ${OPENAI}/models`]: 'shared',
  [`GET ${OPENAI}/models/{model}`]: 'shared',
  // Each completion has a session of its own.
  [`POST ${OPENAI}/chat/completions`]: 'shared',
  [`POST ${OPENAI}/responses`]: 'start',
  [`GET ${OPENAI}/responses`]: 'socket',
  // Nothing of it is stored. A response of others is not found.
  [`POST ${OPENAI}/responses/compact`]: 'shared',
  [`GET ${OPENAI}/responses/{response_id}`]: 'id',
  // Each is a session of its own.
  [`POST ${OPENAI}/conversations`]: 'shared',
  [`GET ${OPENAI}/conversations/{conversation_id}`]: 'id',
  [`POST ${OPENAI}/conversations/{conversation_id}`]: 'id',
  [`DELETE ${OPENAI}/conversations/{conversation_id}`]: 'id',
  [`GET ${OPENAI}/conversations/{conversation_id}/items`]: 'id',
  [`POST ${OPENAI}/conversations/{conversation_id}/items`]: 'id',
  [`GET ${OPENAI}/conversations/{conversation_id}/items/{item_id}`]: 'id',
  [`DELETE ${OPENAI}/conversations/{conversation_id}/items/{item_id}`]: 'id',
  [`DELETE ${OPENAI}/responses/{response_id}`]: 'id',
  [`POST ${OPENAI}/responses/{response_id}/cancel`]: 'id',
  [`GET ${OPENAI}/responses/{response_id}/input_items`]: 'id',
};

/** Every frame that a client may send over the WebSocket, with the refusal of the id of another's run. */
export const FRAME_REFUSALS = {
  ChatFrame: 'session_not_found',
  SubscribeFrame: 'run_not_found',
  CancelFrame: 'run_not_found',
  ApproveFrame: 'run_not_found',
} as const;

/** The frames that only the service sends. */
export const SENT_FRAMES = ['ErrorFrame', 'RunStateFrame'] as const;

/** Every message pattern, with its scope and the refusal of the id of another's session or task. */
export const PATTERN_ACCESS = {
  'agent.chat': { scope: 'chat', refusal: 'session_not_found' },
  'agent.tasks.create': { scope: 'tasks', refusal: 'session_not_found' },
  'agent.tasks.get': { scope: 'tasks', refusal: 'task_not_found' },
  'agent.tasks.cancel': { scope: 'tasks', refusal: 'task_not_found' },
  'agent.tasks.retry': { scope: 'tasks', refusal: 'task_not_found' },
} as const;
