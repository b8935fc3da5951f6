import './requirements.js';
export { AgentModule } from './agent.module.js';
export { AgentHealth, type AgentReadiness } from './health/agent.health.js';
export type {
  AgentModuleOptions,
  BudgetOptions,
  ImageOptions,
  RateLimitOptions,
  TelemetryOptions,
  WebhookOptions,
} from './agent.options.js';
export {
  Agent,
  type AgentLimits,
  type AgentOptions,
  agentOptionsOf,
  type InstructionsContext,
  type Instructor,
} from './agents/agent.decorator.js';
export { type GuardedText, Guardrail, type Verdict } from './agents/guardrail.js';
export type { McpHttpServer, McpServerOptions, McpStdioServer } from './agents/mcp/mcp.options.js';
export { isToolCall } from './agents/tool.call.js';
export { ToolError } from './agents/tool.error.js';
export { findSchemaFault } from './agents/schemas/value.schema.js';
export { Tool, ToolContext, type ToolOptions, type ToolRetryOptions } from './agents/tool.decorator.js';
export { type ChainAnchor, type ChainOptions, type ChainReport, verifyChain } from './audit/audit.chain.js';
export type { AuditAction, AuditDetails, AuditEntry } from './audit/audit.entry.js';
export type { Actor, AuditEvent } from './audit/audit.record.js';
/** @deprecated Use `AuditEvent`. */
export type { AuditEvent as Deed } from './audit/audit.record.js';
export { AuditService, type AuditRequest } from './audit/audit.service.js';
export { openAudit, type OpenAudit } from './audit/open.audit.js';
export { authenticateCaller, type AuthProviders } from './auth/authenticate.caller.js';
export { Authenticator, type Credentials } from './auth/authenticator.js';
export type { AuthOptions } from './auth/authenticator.factory.js';
export { principalOf } from './auth/auth.guard.js';
export { AuthThrottle } from './auth/auth.throttle.js';
/** @deprecated Use `AuthThrottle`. */
export { AuthThrottle as FailedAttempts } from './auth/auth.throttle.js';
export { type AddressedRequest, callerAddress, canonicalAddress } from './auth/caller.address.js';
export { type CallerFields, CallerNames } from './auth/caller.names.js';
export type { JwtOptions } from './auth/tokens/jwt.options.js';
export type { EndUserRule } from './auth/key.rules.js';
export { type CallerAccess, type CallerLimits, HOST_PRINCIPAL, type Principal } from './auth/principal.js';
export { type Scope, SCOPES, scopesAmong } from './auth/scopes.js';
export { AgentRequest } from './chat/agent-request.dto.js';
export { AgentResponse } from './runs/api/agent-response.dto.js';
export { ChatRequest } from './chat/chat-request.dto.js';
export { ImagePart, TextPart } from './chat/input-parts.dto.js';
export { ChatPendingCall, ChatResponse, ChatToolCall, ChatUsage } from './runs/api/chat-response.dto.js';
export { AgentError, type ErrorBody, type ErrorDetails, type FieldError } from './errors/agent.error.js';
export type { ErrorCode } from './errors/error.codes.js';
export { ApiLifecycle, type ApiLifecycleOptions } from './http/api.lifecycle.js';
export { ADMIN_PREFIX, API_PREFIX, API_V2_PREFIX } from './http/api.prefixes.js';
export { ErrorFilter } from './http/error.filter.js';
export { ErrorResponse } from './http/error-response.dto.js';
export { type RequestIds, requestIdOf, requestIdsOf } from './http/http.types.js';
export type { ApiKey, CreatedApiKey } from './keys/api-key.js';
/** @deprecated Use `CreatedApiKey`. */
export type { CreatedApiKey as MadeApiKey } from './keys/api-key.js';
export type { KeyChanges, KeyLimits, NewApiKey } from './keys/key.input.js';
export { KeysService, type KeysRequest, type RevocationOptions } from './keys/keys.service.js';
export type { KeyLifetimes } from './keys/keys.options.js';
export { openKeys, type OpenKeys } from './keys/open.keys.js';
export {
  LanguageModel,
  type ModelCall,
  type ModelChange,
  type ModelEvent,
  type ModelMessage,
  type ModelReasoning,
  type ModelReply,
  type ModelRequest,
  type ModelRoute,
  type ModelTarget,
  type ModelTool,
  type ModelToolCall,
  type ModelUsage,
  type ProviderData,
} from './models/language.model.js';
export type {
  ModelControl,
  ModelControls,
  ModelToolChoice,
  ReasoningEffort,
  ReasoningSummary,
} from './models/model.controls.js';
export type { BreakerState } from './models/circuit.breaker.js';
export type { ModelFallback, ModelProviderOptions, NamedModel } from './models/model.factory.js';
export type { ProviderOptionNames } from './models/openai/provider.hint.js';
export type { ModelBreaker } from './models/model.upstream.js';
export type { FlagProvider, ReleaseOptions } from './releases/releases.options.js';
export { findOptionFaults } from './options/options.validation.js';
export type { OptionFault, OptionName } from './options/option.fault.js';
export type { MessagePart } from './models/message.parts.js';
export type { Decision } from './runs/journal/run.approvals.js';
export type { PendingApproval } from './runs/journal/pending.approval.js';
export type { RunToolCall, RunTurn } from './runs/journal/run.timeline.js';
export type { RunAccess } from './runs/reading/run.access.js';
export type { RunDetails, RunSummary } from './runs/reading/run.details.js';
export type { RunWait } from './runs/reading/run.waits.js';
export { type RunFilter, RunsService } from './runs/reading/runs.service.js';
export { ApprovalsService, type WaitingApproval } from './runs/journal/approvals.service.js';
export { AgentRunnerService } from './runs/agent-runner.service.js';
export type { FollowOptions, RunOptions, RunStream } from './runs/agent-runner.types.js';
export type { UnreadPolicy, UnreadTime } from './runs/recovery/stream.readers.js';
export type { ApprovalKey } from './runs/recovery/control.message.js';
export type { StoppedSwitch, SwitchKey } from './switches/switch.js';
export { type SwitchChange, SwitchesService } from './switches/switches.service.js';
export type { RunState } from './runs/recovery/run.control.js';
export type { CallerSettings, ToolChoice } from './runs/request/caller.settings.js';
export type { CallerTool, CallerToolResult, PendingCall } from './runs/request/caller.tools.js';
export type { TranscriptMessage } from './runs/request/transcript.messages.js';
export type { RunEvent, RunRequest, RunResponse, StoredEvent } from './runs/events/run.events.js';
export type { RunFact } from './runs/events/run.facts.js';
/** @deprecated Use `StoredEvent`. */
export type { StoredEvent as EventFrame } from './runs/events/run.events.js';
export type { RunOutcome, RunUsage, ToolCallRecord } from './runs/events/run.outcome.js';
/** @deprecated Use `ToolCallRecord`. */
export type { ToolCallRecord as MadeCall } from './runs/events/run.outcome.js';
export type { RunMetadata } from './runs/events/run.events.js';
export type { ImagePolicy, SessionPolicy } from './runs/runs.options.js';
export { Database } from './storage/database.js';
export type { Task } from './tasks/task.js';
export { AgentMetrics } from './telemetry/agent.metrics.js';
export { activeSpanIds, contextOf, OpenSpan, type SpanIds } from './telemetry/spans.js';
export { ATTRIBUTE } from './telemetry/semantic.names.js';
export { checkedPrices, type ModelPrice, Prices, type PriceTable } from './usage/prices.js';
export type { TokenUsage } from './usage/token.usage.js';
export { TasksService, type Submitter, type TaskSubmission } from './tasks/tasks.service.js';
