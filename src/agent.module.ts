import {
  type BeforeApplicationShutdown,
  ConfigurableModuleBuilder,
  type DynamicModule,
  Module,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
  type Type,
} from '@nestjs/common';
import type { AgentModuleOptions } from './agent.options.js';
import { AgentsModule } from './agents/agents.module.js';
import { AccessAuditModule } from './audit/access-audit.module.js';
import { AuditModule } from './audit/audit.module.js';
import { AuthModule } from './auth/auth.module.js';
import { ChatModule } from './chat/chat.module.js';
import { WebSocketModule } from './chat/websocket.module.js';
import { HealthModule } from './health/health.module.js';
import { HttpModule } from './http/http.module.js';
import { KeysModule } from './keys/keys.module.js';
import { ModelsModule } from './models/models.module.js';
import { requireSameNest } from './nest.copy.js';
import { OpenAIModule } from './openai/openai.module.js';
import { OptionsModule } from './options/options.module.js';
import { PrivacyModule } from './privacy/privacy.module.js';
import { ReleasesModule } from './releases/releases.module.js';
import { RpcModule } from './rpc/rpc.module.js';
import { AgentRunnerService } from './runs/agent-runner.service.js';
import { RunsModule } from './runs/runs.module.js';
import { SessionsModule } from './sessions/sessions.module.js';
import { StorageModule } from './storage/storage.module.js';
import { SwitchesModule } from './switches/switches.module.js';
import { TaskWorker } from './tasks/task.worker.js';
import { TasksModule } from './tasks/tasks.module.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import { UsageModule } from './usage/usage.module.js';

/** Options that are fixed at the import, because they decide which providers and controllers the module has. */
interface Extras {
  /** Registers the HTTP routes. Default: true. */
  http?: boolean;
  /**
   * Also registers the routes under `/api/v1/admin`: keys, budgets, audit, releases, switches and tenants. Callers need the
   * scope `admin`. Default: false.
   */
  admin?: boolean;
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
  /**
   * Also registers the OpenAI-compatible API under `/v1`. `ResponsesGateway` of `rookery/websocket` as its `webSocket`
   * adds the WebSocket of `/v1/responses`, which needs `WsAdapter` too. Default: false.
   */
  openai?: boolean | OpenAIExtras | undefined;
}

/** Parts of the OpenAI-compatible API. */
interface OpenAIExtras {
  webSocket?: Type<object> | undefined;
}

type Imports = NonNullable<DynamicModule['imports']>;

const { ConfigurableModuleClass, MODULE_OPTIONS_TOKEN } = new ConfigurableModuleBuilder<AgentModuleOptions>()
  .setClassMethodName('forRoot')
  .setExtras<Extras>(
    { http: true, admin: false, webSocket: undefined, rpc: undefined, openai: false },
    ({ imports = [], providers = [], ...definition }, extras) => {
      requireSameNest();
      const { http = true, rpc } = extras;
      const hasCallers = http || rpc !== undefined;
      const options = OptionsModule.register(MODULE_OPTIONS_TOKEN, { imports, providers }, hasCallers);
      return { ...definition, ...featureModules(options, extras, imports) };
    },
  )
  .build();

/** The modules of one application. Each is registered with the modules that it injects from, lower layers first. */
function featureModules(options: DynamicModule, extras: Extras, imports: Imports) {
  const { http = true, webSocket, rpc, openai = false } = extras;
  const openaiSocket = typeof openai === 'object' ? openai.webSocket : undefined;
  const admin = http && extras.admin === true;
  const storage: DynamicModule = { module: StorageModule, imports: [options] };
  const telemetry: DynamicModule = { module: TelemetryModule };
  const models: DynamicModule = { module: ModelsModule, imports: [options] };
  const auth: DynamicModule = { module: AuthModule, imports: [options, storage] };
  const access: DynamicModule = { module: AccessAuditModule, imports: [storage] };
  const shared = HttpModule.register({ imports: [options, storage, telemetry, auth, access], http });
  const base = [options, storage, telemetry, auth, access, shared];
  const audit = AuditModule.register({ imports: base, http: admin });
  const agents = AgentsModule.register({ imports: [...base, models], http });
  const releases = ReleasesModule.register({ imports: [...base, agents], http: admin });
  const usage = UsageModule.register({ imports: base, http, admin });
  const keys = KeysModule.register({ imports: base, http: admin });
  const sessions = SessionsModule.register({ imports: base, http });
  const switches = SwitchesModule.register({ imports: base, http: admin });
  const runs = RunsModule.register({ imports: [...base, models, agents, releases, usage, sessions, switches], http });
  const tasks = TasksModule.register({
    imports: [...base, audit, agents, usage, sessions, switches, runs],
    http,
    admin,
  });
  const privacy = PrivacyModule.register({ imports: [...base, usage, keys, sessions, runs], http, admin });
  const chat = ChatModule.register({ imports: [...base, runs], http });
  const health: DynamicModule = { module: HealthModule, imports: [storage, telemetry, models, runs, tasks] };
  // The application injects from these.
  const exported = [runs, tasks, keys, switches, audit, health, storage, telemetry, auth, access, shared];
  // A gateway or controller of the application may inject these, and what `forRootAsync` imports.
  const entryPointImports = [options, ...exported, ...imports];
  const entryPoints = [
    ...(http && webSocket ? [WebSocketModule.register(entryPointImports, webSocket)] : []),
    ...(http && openai !== false
      ? [OpenAIModule.register([...base, agents, usage, sessions, runs, tasks], openaiSocket)]
      : []),
    ...(rpc ? [RpcModule.register(entryPointImports, rpc)] : []),
  ];
  // In the order of their routes in the OpenAPI document.
  const withRoutes = [chat, agents, runs, sessions, tasks, keys, releases, switches, usage, audit, privacy];
  return { imports: [...withRoutes, ...entryPoints, health, ...base], exports: exported };
}

/**
 * The agents of an application. `AgentRunnerService` runs them, `TasksService` runs them in the background. Adds the
 * routes under `/api/v1/agent` and `/api/v2/agent` unless `http: false`. The module is not global.
 *
 * `forRoot` takes `AgentModuleOptions`, and `forRootAsync` takes a factory of them. Both also take `http`, `admin`,
 * `webSocket`, `rpc` and `openai`. The application does not start if an option or an agent is invalid.
 *
 * @example
 * import { Module } from '@nestjs/common';
 * import { AgentModule } from 'rookery';
 *
 * \@Module({
 *   imports: [AgentModule.forRoot({ model: { apiKey: process.env.OPENAI_API_KEY }, auth: 'api-key' })],
 *   providers: [PoetAgent],
 * })
 * export class AppModule {}
 *
 * @example
 * import { readFile } from 'node:fs/promises';
 * import { Module } from '@nestjs/common';
 * import { AgentModule } from 'rookery';
 *
 * const useFactory = async () => ({ model: { apiKey: await readFile('/run/secrets/openai', 'utf8') } });
 *
 * \@Module({ imports: [AgentModule.forRootAsync({ useFactory, http: false })], providers: [PoetAgent] })
 * export class WorkerModule {}
 */
@Module({})
export class AgentModule
  extends ConfigurableModuleClass
  implements OnApplicationBootstrap, OnModuleDestroy, BeforeApplicationShutdown
{
  constructor(
    private readonly worker: TaskWorker,
    private readonly runner: AgentRunnerService,
  ) {
    super();
  }

  // Nest calls hooks by the depth of modules. Tools use the modules of the application, so work starts and ends at the
  // depth of this module: deeper modules start before and end after it. The providers of the root module end first.

  /** Starts the worker of background runs. */
  async onApplicationBootstrap(): Promise<void> {
    await this.worker.start();
  }

  /** Begins the shutdown, which refuses new runs, and waits for background runs. */
  async onModuleDestroy(): Promise<void> {
    await this.worker.drain();
  }

  /** Waits for all other runs. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.runner.beforeApplicationShutdown();
  }
}
