import { ConfigurableModuleBuilder, Module, type Provider, type Type } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { AgentHealth } from './agent.health.js';
import { type AgentModuleOptions, completed, type CompletedOptions } from './agent.options.js';
import { AgentRegistry } from './agents/agent.registry.js';
import { McpTools } from './agents/mcp.tools.js';
import { RolesController } from './agents/roles.controller.js';
import { ToolReader } from './agents/tool.reader.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditService } from './audit/audit.service.js';
import { Authenticator } from './auth/authenticator.js';
import { createAuthenticator } from './auth/authenticator.factory.js';
import { KnownKeys } from './auth/known.keys.js';
import { ChatController } from './chat/chat.controller.js';
import { FrameAnswerer } from './chat/frame.answerer.js';
import { RunsController } from './chat/runs.controller.js';
import { SocketController, SocketRules } from './chat/socket.controller.js';
import { CallerCount } from './http/caller.count.js';
import { FixedRoutes } from './http/fixed.routes.js';
import { FixedWindowStorage } from './http/fixed-window.storage.js';
import { RateLimit } from './http/rate-limit.guard.js';
import { RedisWindowStorage } from './http/redis-window.storage.js';
import { WindowStorage } from './http/window.storage.js';
import { Upgrades } from './http/upgrades.js';
import { KeysController } from './keys/keys.controller.js';
import { KeysRepository } from './keys/keys.repository.js';
import { KeysService } from './keys/keys.service.js';
import { LanguageModel } from './models/language.model.js';
import { createModel } from './models/model.factory.js';
import { DataErasure } from './privacy/data.erasure.js';
import { DataExport } from './privacy/data.export.js';
import { PrivacyController } from './privacy/privacy.controller.js';
import { TenantsController } from './privacy/tenants.controller.js';
import { AgentLoop, TurnLimits } from './runs/agent.loop.js';
import { AgentRunnerService, RunnerSettings } from './runs/agent-runner.service.js';
import { Colleagues } from './runs/colleagues.js';
import { RunLimits } from './runs/run.limits.js';
import { EventLog } from './runs/event.log.js';
import { HistorySettings, HistorySummary } from './runs/history.summary.js';
import { Leases } from './runs/leases.js';
import { Replica } from './runs/replica.js';
import { Retention, RetentionRules } from './runs/retention.js';
import { RunControl } from './runs/run.control.js';
import { RunDecisions } from './runs/run.decisions.js';
import { RunEngine } from './runs/run.engine.js';
import { RunHistory } from './runs/run.history.js';
import { RunResumer } from './runs/run.resumer.js';
import { RunStarter } from './runs/run.starter.js';
import { RunsRepository } from './runs/runs.repository.js';
import { SessionQueue, SessionRules } from './runs/session.queue.js';
import { StreamRules, Watches } from './runs/watches.js';
import { ToolInvoker } from './runs/tool.invoker.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { SummariesRepository } from './sessions/summaries.repository.js';
import { Broadcast } from './storage/broadcast.js';
import { Database } from './storage/database.js';
import { LocalBroadcast } from './storage/local.broadcast.js';
import { RedisBroadcast } from './storage/redis.broadcast.js';
import type { RedisConnections } from './storage/redis.connections.js';
import { SharedRedis } from './storage/shared.redis.js';
import { BullmqQueue } from './tasks/bullmq.queue.js';
import { LocalQueue } from './tasks/local.queue.js';
import { TaskQueue } from './tasks/task.queue.js';
import { TaskRules, TaskWorker } from './tasks/task.worker.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksRepository } from './tasks/tasks.repository.js';
import { TasksService } from './tasks/tasks.service.js';
import { WebhookClient } from './tasks/webhook.client.js';
import { WebhookPace } from './tasks/webhook.pace.js';
import { WebhookSender } from './tasks/webhook.sender.js';
import { SystemResolver, WebhookResolver, WebhookRules, WebhookTargets } from './tasks/webhook.targets.js';
import { WebhookWriter } from './tasks/webhook.writer.js';
import { WebhooksRepository } from './tasks/webhooks.repository.js';

/** The options once their defaults are in. */
const COMPLETED = Symbol('completed options');

/** What is chosen where the module is imported, since it decides what the module is made of. */
interface Extras {
  /** Whether there are routes. Default: true. */
  http?: boolean;
  /**
   * `ChatGateway` of `rookery/websocket`, for a WebSocket beside the routes; the application needs
   * `app.useWebSocketAdapter(new WsAdapter(app))`. Default: none.
   */
  webSocket?: Type<object> | undefined;
}

const EXTRAS: Extras = { http: true };
const CONTROLLERS = [
  ChatController,
  RolesController,
  RunsController,
  SessionsController,
  TasksController,
  KeysController,
  AuditController,
  PrivacyController,
  TenantsController,
];
const OF_WEB_SOCKET = [CallerCount, FrameAnswerer, Upgrades, { provide: SocketRules, useExisting: COMPLETED }];

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AgentModuleOptions>()
  .setClassMethodName('forRoot')
  .setExtras(EXTRAS, (definition, { http, webSocket }) => ({
    ...definition,
    ...(http && {
      controllers: [...CONTROLLERS, ...(webSocket ? [SocketController] : [])],
      providers: [...(definition.providers ?? []), FixedRoutes, ...(webSocket ? [webSocket, ...OF_WEB_SOCKET] : [])],
    }),
  }))
  .build();

const DEFAULT_MODEL = Symbol('default model');

/** Provides `token` made from the options. */
function configured<T>(
  token: Function & { readonly prototype: T },
  make: (options: CompletedOptions) => T | Promise<T>,
): Provider {
  return { provide: token, inject: [COMPLETED], useFactory: make };
}

/** Provides a port: by Redis where several replicas share it, else within this process. */
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
    Broadcast,
    (redis) => new RedisBroadcast(redis),
    () => new LocalBroadcast(),
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
  RunsRepository,
  TasksRepository,
  WebhooksRepository,
];

/** What the rooms ask of the options: each its own part. */
const RULES: Provider[] = [
  SessionRules,
  StreamRules,
  RunnerSettings,
  HistorySettings,
  RetentionRules,
  TaskRules,
  TurnLimits,
  WebhookRules,
].map((token) => ({ provide: token, useExisting: COMPLETED }));

const IDENTITY: Provider[] = [
  KnownKeys,
  {
    provide: Authenticator,
    inject: [COMPLETED, KnownKeys],
    useFactory: ({ auth }: CompletedOptions, keys: KnownKeys) => createAuthenticator(auth, keys),
  },
  KeysRepository,
  KeysService,
  AuditService,
];

const AGENTS: Provider[] = [
  MetadataScanner,
  ToolReader,
  McpTools,
  {
    provide: AgentRegistry,
    inject: [DiscoveryService, ToolReader, ModuleRef, DEFAULT_MODEL],
    useFactory: (...parts: ConstructorParameters<typeof AgentRegistry>) => new AgentRegistry(...parts),
  },
];

const ENGINE: Provider[] = [
  // Tasks ask the provider beside those who wait.
  configured(LanguageModel, ({ model, maxConcurrentRuns, taskConcurrency }) =>
    createModel({ model, connections: maxConcurrentRuns + taskConcurrency }),
  ),
  configured(RunLimits, ({ maxConcurrentRuns }) => new RunLimits(maxConcurrentRuns)),
  Replica,
  EventLog,
  RunControl,
  RunDecisions,
  Colleagues,
  ToolInvoker,
  AgentLoop,
  HistorySummary,
  RunHistory,
  RunEngine,
  SessionsService,
  SessionQueue,
  RunStarter,
  RunResumer,
  Leases,
  Watches,
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
];

/**
 * The agents of an application: `AgentRunnerService` to run them, `TasksService` to run them in the background, and the
 * routes under `/api/v1/agent` unless `http: false`.
 *
 * @example
 * \@Module({ imports: [AgentModule.forRoot({ model: { apiKey } })], providers: [PoetAgent] })
 * export class AppModule {}
 */
@Module({
  imports: [DiscoveryModule],
  providers: [
    { provide: COMPLETED, inject: [MODULE_OPTIONS_TOKEN], useFactory: completed },
    { provide: DEFAULT_MODEL, inject: [COMPLETED], useFactory: ({ defaultModel }: CompletedOptions) => defaultModel },
    configured(RateLimit, ({ rateLimit }) => rateLimit),
    ...STORES,
    ...IDENTITY,
    ...RULES,
    ...AGENTS,
    ...ENGINE,
    ...TASKS,
    AgentHealth,
  ],
  exports: [AgentRunnerService, TasksService, AgentHealth, Authenticator, Database, KeysService, AuditService],
})
export class AgentModule extends ConfigurableModuleClass {}
