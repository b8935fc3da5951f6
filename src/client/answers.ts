import type {
  AgentResponse,
  ApiKey,
  AuditEntry,
  BudgetList,
  ChatResponseV2,
  ErasedData,
  ErrorBody,
  ExportedRow,
  MadeKey,
  Message,
  Readiness,
  ReleaseList,
  Role,
  RunDetails,
  RunDetailsV2,
  RunEvent,
  RunEventV2,
  RunState,
  RunSummary,
  Session,
  SessionDetailsV2,
  SessionV2,
  Switch,
  TaskResponse,
  UsageReport,
  WebhookDelivery,
  WaitingApproval,
} from './api.names.js';

/** Checks the form of a value. */
export type Check<T> = (value: unknown) => value is T;

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor?: string | null | undefined;
}

// A check looks only for the fields that identify the answer. The service tests all of them against the same contract,
// and a newer service may send more.
export const isAgentResponse = having<AgentResponse>('run_id', 'reply');
export const isChatResponse = having<ChatResponseV2>('run_id', 'output');
export const isRunState = having<RunState>('run_id', 'status');
export const isRunSummary = having<RunSummary>('run_id', 'kind');
export const isRunDetailsV2 = having<RunDetailsV2>('run_id', 'kind');
export const isRunDetails = having<RunDetails>('run_id', 'kind');
export const isTask = having<TaskResponse>('task_id', 'status');
export const isWebhook = having<WebhookDelivery>('webhook_id', 'status');
export const isSession = having<Session>('session_id');
export const isSessionV2 = having<SessionV2>('session_id');
export const isSessionDetailsV2 = having<SessionDetailsV2>('session_id');
export const isMessage = having<Message>('message_id', 'role');
export const isWaitingApproval = having<WaitingApproval>('approval_id', 'run_id');
export const isKey = having<ApiKey>('key_id', 'tenant');
export const isMadeKey = having<MadeKey>('key_id', 'key');
export const isExportedRow = having<ExportedRow>('type');
export const isReadiness = having<Readiness>('status', 'database');
export const isSwitches = paged(having<Switch>('kind', 'name'));
export const isErrorBody = having<ErrorBody>('error');
export const isRoles = paged(having<Role>('role'));
export const isUsageReport = (value: unknown): value is UsageReport => isObject(value) && Array.isArray(value.items);
export const isBudgets = (value: unknown): value is BudgetList => isObject(value) && Array.isArray(value.items);
export const isReleases = (value: unknown): value is ReleaseList => isObject(value) && Array.isArray(value.items);
export const isErasedData = (value: unknown): value is ErasedData => isObject(value) && typeof value.runs === 'number';
export const isAuditEntry = (value: unknown): value is AuditEntry =>
  isObject(value) && typeof value.sequence === 'number' && typeof value.hash === 'string';
export const isRunEvent = (value: unknown): value is RunEvent => isNumbered(value);
export const isRunEventV2 = (value: unknown): value is RunEventV2 => isNumbered(value);

/** Checks a list and each of its items. */
export function paged<T>(isItem: Check<T>): Check<Page<T>> {
  return (value): value is Page<T> => isObject(value) && Array.isArray(value.items) && value.items.every(isItem);
}

/** True for an object with the fields of every event. */
function isNumbered(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { type, run_id, sequence } = value;
  return typeof type === 'string' && typeof run_id === 'string' && typeof sequence === 'number';
}

/** Checks for an object with these texts. */
function having<T>(...fields: readonly (keyof T & string)[]): Check<T> {
  return (value): value is T => isObject(value) && fields.every((field) => typeof value[field] === 'string');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
