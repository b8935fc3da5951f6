import { ConfigurableModuleBuilder, Module, type Provider } from '@nestjs/common';
import { DiscoveryModule, DiscoveryService, MetadataScanner, ModuleRef } from '@nestjs/core';
import { type AgentModuleOptions, completed, type CompletedOptions } from './agent.options.js';
import { AgentRegistry } from './agents/agent.registry.js';
import { McpTools } from './agents/mcp.tools.js';
import { RolesController } from './agents/roles.controller.js';
import { ToolReader } from './agents/tool.reader.js';
import { ChatController } from './chat/chat.controller.js';
import { RunsController } from './chat/runs.controller.js';
import { FixedWindowStorage } from './http/fixed-window.storage.js';
import { RateLimit } from './http/rate-limit.guard.js';
import { WindowStorage } from './http/window.storage.js';
import { LanguageModel } from './models/language.model.js';
import { createModel } from './models/model.factory.js';
import { AgentLoop, TurnLimits } from './runs/agent.loop.js';
import { AgentRunnerService } from './runs/agent-runner.service.js';
import { Colleagues } from './runs/colleagues.js';
import { RunLimits } from './runs/run.limits.js';
import { RunsRepository } from './runs/runs.repository.js';
import { ToolInvoker } from './runs/tool.invoker.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { SessionsRepository } from './sessions/sessions.repository.js';
import { SessionsService } from './sessions/sessions.service.js';
import { Database } from './storage/database.js';

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AgentModuleOptions>()
  .setClassMethodName('forRoot')
  .setExtras({ http: true }, (definition, { http }) => ({
    ...definition,
    controllers: http ? [ChatController, RolesController, RunsController, SessionsController] : [],
  }))
  .build();

/** The options once their defaults are in. */
const COMPLETED = Symbol('completed options');
const DEFAULT_MODEL = Symbol('default model');

/** Provides `token` made from the options. */
function configured<T>(
  token: Function & { readonly prototype: T },
  make: (options: CompletedOptions) => T | Promise<T>,
): Provider {
  return { provide: token, inject: [COMPLETED], useFactory: make };
}

/**
 * The agents of an application: `AgentRunnerService` to run them, and the routes under `/api/v1/agent` unless
 * `http: false`.
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
    configured(Database, ({ databaseUrl }) => Database.open(databaseUrl)),
    configured(LanguageModel, createModel),
    configured(RunLimits, ({ maxConcurrentRuns }) => new RunLimits(maxConcurrentRuns)),
    configured(RateLimit, ({ rateLimit }) => rateLimit),
    { provide: WindowStorage, useClass: FixedWindowStorage },
    MetadataScanner,
    ToolReader,
    ToolInvoker,
    Colleagues,
    AgentLoop,
    configured(TurnLimits, ({ maxOutputTokens }) => ({ maxOutputTokens })),
    {
      provide: AgentRegistry,
      inject: [DiscoveryService, ToolReader, ModuleRef, DEFAULT_MODEL],
      useFactory: (...parts: ConstructorParameters<typeof AgentRegistry>) => new AgentRegistry(...parts),
    },
    McpTools,
    SessionsRepository,
    SessionsService,
    RunsRepository,
    {
      provide: AgentRunnerService,
      inject: [AgentRegistry, SessionsService, RunsRepository, LanguageModel, AgentLoop, RunLimits, COMPLETED],
      useFactory: (...parts: ConstructorParameters<typeof AgentRunnerService>) => new AgentRunnerService(...parts),
    },
  ],
  exports: [AgentRunnerService, Database],
})
export class AgentModule extends ConfigurableModuleClass {}
