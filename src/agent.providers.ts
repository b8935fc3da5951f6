import { AgentGauges } from './agent.gauges.js';
import { AgentMetrics } from './telemetry/agent.metrics.js';
import { TelemetryRules } from './telemetry/spans.js';
import { type Provider } from '@nestjs/common';
import { DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { AgentHealth } from './agent.health.js';
import type { CompletedOptions } from './agent.options.js';
import { AgentRegistry } from './agents/agent.registry.js';
import { CallerSchemas } from './agents/schemas/caller.schemas.js';
import { McpTools } from './agents/mcp/mcp.tools.js';
import { ToolReader } from './agents/tool.reader.js';
import { AuditService } from './audit/audit.service.js';
import { Authenticator } from './auth/authenticator.js';
import { createAuthenticator } from './auth/authenticator.factory.js';
import { FailedAttempts } from './auth/failed.attempts.js';
import { ApiKeyCache } from './auth/api-key.cache.js';
import { ApiLifecycle } from './http/api.lifecycle.js';
import { RateLimiter, RateLimit } from './http/throttling/rate.limiter.js';
import { FailureLimit, FailureRules } from './http/throttling/failure.limit.js';
import { FixedWindowStorage } from './http/throttling/fixed-window.storage.js';
import { RedisWindowStorage } from './http/throttling/redis-window.storage.js';
import { WindowStorage } from './http/throttling/window.storage.js';
import { KeysRepository } from './keys/keys.repository.js';
import { KeysService } from './keys/keys.service.js';
import { LanguageModel } from './models/language.model.js';
import { createModel } from './models/model.factory.js';
import { DataErasure } from './privacy/data.erasure.js';
import { DataExport } from './privacy/data.export.js';
import { ReleasableRoles, Releases, ReleaseSettings } from './releases/releases.js';
import { AgentLoop, TurnLimits } from './runs/loop/agent.loop.js';
import { AgentRunnerService } from './runs/agent-runner.service.js';
import { AgentDelegation } from './runs/loop/agent.delegation.js';
import { RunLimits } from './runs/run.limits.js';
import { EventLog } from './runs/events/event.log.js';
import { HistorySettings, HistorySummary } from './runs/loop/history.summary.js';
import { ReplicaHeartbeat } from './runs/recovery/replica.heartbeat.js';
import { OrphanedRuns } from './runs/recovery/orphaned.runs.js';
import { ReplicaId } from './runs/recovery/replica.id.js';
import { Retention, RetentionRules } from './runs/retention.js';
import { BudgetedModel } from './runs/loop/budgeted.model.js';
import { RunControl } from './runs/recovery/run.control.js';
import { RunDecisions } from './runs/journal/run.decisions.js';
import { RunEngine } from './runs/run.engine.js';
import { RunHistory } from './runs/loop/run.history.js';
import { RunOutcomes } from './runs/events/run.outcomes.js';
import { RunResumer } from './runs/run.resumer.js';
import { RunUsage } from './runs/run.usage.js';
import { RunStarter } from './runs/run.starter.js';
import { RunWithdrawals } from './runs/recovery/run.withdrawals.js';
import { RunsRepository } from './runs/runs.repository.js';
import { RunnerSettings } from './runs/runner.settings.js';
import { SessionQueue, SessionRules } from './runs/recovery/session.queue.js';
import { ShutdownTime } from './runs/recovery/shutdown.time.js';
import { ReleaseResolver } from './runs/loop/release.resolver.js';
import { StreamRules, StreamReaders } from './runs/recovery/stream.readers.js';
import { ToolInvoker } from './runs/loop/tool.invoker.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SummariesRepository } from './sessions/summaries.repository.js';
import { PubSub } from './storage/pubsub.js';
import { Database } from './storage/database.js';
import { LocalPubSub } from './storage/local.pubsub.js';
import { RedisPubSub } from './storage/redis/redis.pubsub.js';
import type { RedisConnections } from './storage/redis/redis.connections.js';
import { SharedRedis } from './storage/redis/shared.redis.js';
import { WriteRetries } from './storage/write.retries.js';
import { BudgetWebhookRules, BudgetWebhooks } from './tasks/webhooks/budget.webhooks.js';
import { BullmqQueue } from './tasks/bullmq.queue.js';
import { LocalQueue } from './tasks/local.queue.js';
import { SuspectsRepository } from './tasks/suspects.repository.js';
import { TaskQueue } from './tasks/task.queue.js';
import { TaskRules, TaskWorker } from './tasks/task.worker.js';
import { TasksRepository } from './tasks/tasks.repository.js';
import { TasksService } from './tasks/tasks.service.js';
import { WebhookClient } from './tasks/webhooks/webhook.client.js';
import { WebhookPace } from './tasks/webhooks/webhook.pace.js';
import { WebhookSender } from './tasks/webhooks/webhook.sender.js';
import { SystemResolver, WebhookResolver, WebhookRules, WebhookTargets } from './tasks/webhooks/webhook.targets.js';
import { WebhookWriter } from './tasks/webhooks/webhook.writer.js';
import { WebhooksRepository } from './tasks/webhooks/webhooks.repository.js';
import { QuotaService } from './usage/quota.service.js';
import { BudgetRules, Budgets } from './usage/budgets.js';
import { BudgetsRepository } from './usage/budgets.repository.js';
import { Prices } from './usage/prices.js';
import { TokenWindows } from './usage/token.windows.js';
import { UsageRepository } from './usage/usage.repository.js';

/** The token of the options with all defaults filled in. */
export const COMPLETED = Symbol('completed options');
const DEFAULT_MODEL = Symbol('default model');

/** Provides `token`, built from the options. */
function configured<T>(
  token: Function & { readonly prototype: T },
  make: (options: CompletedOptions) => T | Promise<T>,
): Provider {
  return { provide: token, inject: [COMPLETED], useFactory: make };
}

/** Provides a port: by Redis if replicas share it, else within this process. */
function shared<T>(
  token: Function & { readonly prototype: T },
  byRedis: (redis: RedisConnections) => T | Promise<T>,
  alone: () => T,
): Provider {
  return {
    provide: token,
    inject: [SharedRedis],
    useFactory: ({ connections }: SharedRedis) => (connections ? byRedis(connections) : alone()),
  };
}

const STORES: Provider[] = [
  configured(Database, ({ databaseUrl }) => Database.open(databaseUrl)),
  configured(SharedRedis, (options) => SharedRedis.open(options)),
  shared(
    PubSub,
    (redis) => new RedisPubSub(redis),
    () => new LocalPubSub(),
  ),
  shared(
    WindowStorage,
    (redis) => RedisWindowStorage.open(redis),
    () => new FixedWindowStorage(),
  ),
  shared(
    TaskQueue,
    (redis) => BullmqQueue.open(redis),
    () => new LocalQueue(),
  ),
  SessionsRepository,
  SummariesRepository,
  WriteRetries,
  RunsRepository,
  TasksRepository,
  SuspectsRepository,
  WebhooksRepository,
];

/** Each module injects only its own part of the options. */
const RULES: Provider[] = [
  FailureRules,
  SessionRules,
  StreamRules,
  RunnerSettings,
  HistorySettings,
  RetentionRules,
  ReleaseSettings,
  TaskRules,
  TurnLimits,
  WebhookRules,
  BudgetRules,
  BudgetWebhookRules,
  TelemetryRules,
].map((token) => ({ provide: token, useExisting: COMPLETED }));

const IDENTITY: Provider[] = [
  ApiKeyCache,
  {
    provide: Authenticator,
    inject: [COMPLETED, ApiKeyCache],
    useFactory: ({ auth }: CompletedOptions, keys: ApiKeyCache) => createAuthenticator(auth, keys),
  },
  { provide: FailedAttempts, useClass: FailureLimit },
  KeysRepository,
  KeysService,
  AuditService,
];

const USAGE: Provider[] = [
  configured(Prices, ({ prices }) => new Prices(prices)),
  UsageRepository,
  BudgetsRepository,
  Budgets,
  TokenWindows,
  QuotaService,
  RunUsage,
];

const AGENTS: Provider[] = [
  MetadataScanner,
  ToolReader,
  McpTools,
  CallerSchemas,
  {
    provide: AgentRegistry,
    inject: [DiscoveryService, ToolReader, ModuleRef, DEFAULT_MODEL],
    useFactory: (...parts: ConstructorParameters<typeof AgentRegistry>) => new AgentRegistry(...parts),
  },
  {
    provide: ReleasableRoles,
    inject: [AgentRegistry],
    useFactory: (agents: AgentRegistry): ReleasableRoles => ({ list: () => agents.list().map(({ role }) => role) }),
  },
  Releases,
];

const ENGINE: Provider[] = [
  // Tasks call the provider in addition to the runs that callers wait for.
  configured(LanguageModel, ({ model, fallbacks, maxConcurrentRuns, taskConcurrency }) =>
    createModel({ model, fallbacks, connections: maxConcurrentRuns + taskConcurrency }),
  ),
  configured(RunLimits, ({ maxConcurrentRuns }) => new RunLimits(maxConcurrentRuns)),
  ShutdownTime,
  ReplicaId,
  EventLog,
  RunControl,
  RunDecisions,
  AgentDelegation,
  ReleaseResolver,
  ToolInvoker,
  BudgetedModel,
  AgentLoop,
  HistorySummary,
  RunHistory,
  RunEngine,
  RunOutcomes,
  SessionsService,
  SessionQueue,
  RunWithdrawals,
  RunStarter,
  RunResumer,
  OrphanedRuns,
  ReplicaHeartbeat,
  StreamReaders,
  Retention,
  AgentRunnerService,
  DataExport,
  DataErasure,
];

const TASKS: Provider[] = [
  TaskWorker,
  TasksService,
  { provide: WebhookResolver, useClass: SystemResolver },
  WebhookPace,
  WebhookTargets,
  WebhookClient,
  WebhookSender,
  WebhookWriter,
  BudgetWebhooks,
];

/** All providers of the module, except its options and entry points. */
export const PROVIDERS: Provider[] = [
  { provide: DEFAULT_MODEL, inject: [COMPLETED], useFactory: ({ defaultModel }: CompletedOptions) => defaultModel },
  configured(RateLimit, ({ rateLimit }) => rateLimit),
  configured(ApiLifecycle, ({ apiV1 }) => new ApiLifecycle(apiV1)),
  RateLimiter,
  ...STORES,
  ...USAGE,
  ...IDENTITY,
  ...RULES,
  ...AGENTS,
  ...ENGINE,
  ...TASKS,
  AgentHealth,
  AgentMetrics,
  AgentGauges,
];
