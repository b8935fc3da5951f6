import { ConfigurableModuleBuilder, Module, type Type } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { AgentHealth } from './agent.health.js';
import { type AgentModuleOptions, completed } from './agent.options.js';
import { RolesController } from './agents/roles.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { AuditService } from './audit/audit.service.js';
import { Authenticator } from './auth/authenticator.js';
import { FailedAttempts } from './auth/failed.attempts.js';
import { ChatController } from './chat/chat.controller.js';
import { FrameAnswerer } from './chat/frame.answerer.js';
import { RunsController } from './runs/api/runs.controller.js';
import { ChatV2Controller } from './chat/chat.v2.controller.js';
import { RunsV2Controller } from './runs/api/runs.v2.controller.js';
import { SocketController, SocketRules } from './chat/socket.controller.js';
import { ApiLifecycle } from './http/api.lifecycle.js';
import { GlobalPrefixExclusion } from './http/global-prefix.exclusion.js';
import { WebSocketUpgrade } from './http/websocket.upgrade.js';
import { KeysController } from './keys/keys.controller.js';
import { KeysService } from './keys/keys.service.js';
import { PrivacyController } from './privacy/privacy.controller.js';
import { TenantsController } from './privacy/tenants.controller.js';
import { ReleasesController } from './releases/releases.controller.js';
import { AgentRunnerService } from './runs/agent-runner.service.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { Database } from './storage/database.js';
import { TasksController } from './tasks/tasks.controller.js';
import { TasksService } from './tasks/tasks.service.js';
import { AgentMetrics } from './telemetry/agent.metrics.js';
import { UsageController } from './usage/usage.controller.js';
import { COMPLETED, PROVIDERS } from './agent.providers.js';

/** Options that are fixed at the import, because they decide which providers and controllers the module has. */
interface Extras {
  /** Registers the HTTP routes. Default: true. */
  http?: boolean;
  /**
   * `ChatGateway` of `rookery/websocket` adds a WebSocket to the routes. The application needs
   * `app.useWebSocketAdapter(new WsAdapter(app))`. Default: none.
   */
  webSocket?: Type<object> | undefined;
  /**
   * `RpcController` of `rookery/rpc` adds message patterns, with or without routes. The application needs
   * `app.connectMicroservice({ strategy: rpcServer(…) })`. Default: none.
   */
  rpc?: Type<object> | undefined;
}

const EXTRAS: Extras = { http: true };
const CONTROLLERS = [
  ChatController,
  ChatV2Controller,
  RolesController,
  RunsController,
  RunsV2Controller,
  SessionsController,
  TasksController,
  KeysController,
  ReleasesController,
  UsageController,
  AuditController,
  PrivacyController,
  TenantsController,
];
const OF_WEB_SOCKET = [FrameAnswerer, WebSocketUpgrade, { provide: SocketRules, useExisting: COMPLETED }];

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AgentModuleOptions>()
  .setClassMethodName('forRoot')
  .setExtras(EXTRAS, (definition, { http, webSocket, rpc }) => ({
    ...definition,
    controllers: [
      ...(http ? CONTROLLERS : []),
      ...(http && webSocket ? [SocketController] : []),
      ...(rpc ? [rpc] : []),
    ],
    providers: [
      ...(definition.providers ?? []),
      ...(http ? [GlobalPrefixExclusion] : []),
      ...(http && webSocket ? [webSocket, ...OF_WEB_SOCKET] : []),
    ],
  }))
  .build();

/**
 * The agents of an application. `AgentRunnerService` runs them, `TasksService` runs them in the background. Adds the
 * routes under `/api/v1/agent` and `/api/v2/agent` unless `http: false`.
 *
 * @example
 * \@Module({ imports: [AgentModule.forRoot({ model: { apiKey } })], providers: [PoetAgent] })
 * export class AppModule {}
 */
@Module({
  imports: [DiscoveryModule],
  providers: [{ provide: COMPLETED, inject: [MODULE_OPTIONS_TOKEN], useFactory: completed }, ...PROVIDERS],
  exports: [
    AgentRunnerService,
    TasksService,
    AgentHealth,
    AgentMetrics,
    ApiLifecycle,
    AuditService,
    Authenticator,
    Database,
    FailedAttempts,
    KeysService,
  ],
})
export class AgentModule extends ConfigurableModuleClass {}
