import { type DynamicModule, Module, type Provider } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AgentModule, AgentRunnerService } from '../index.js';
import { OpenAIErrorFilter } from '../openai/index.js';
import { StudioModule } from '../studio/index.js';
import { ChatGateway, ResponsesGateway } from '../websocket/index.js';
import { ServiceRpcController } from './rpc.setup.js';
import { builtInProviders } from './agents/builtin.agents.js';
import { agentOptions } from './settings/agent.settings.js';
import type { Environment } from './settings/environment.js';
import { HealthController } from './health.controller.js';
import { MetricsController } from './observability/metrics.controller.js';
import { ShutdownLog } from './startup/shutdown.log.js';
import { ModelCheck } from './startup/model.check.js';
import { RootController, RootOptions } from './root.controller.js';
import { TracingShutdown } from './observability/tracing.shutdown.js';

/** The agents of the service beside the built-in ones. */
interface ServiceAgents {
  readonly providers: readonly Provider[];
  readonly versions: Readonly<Record<string, string>>;
}

/** The standalone service: AgentModule with agents, as a host would use it. */
@Module({})
export class ServiceModule {
  /**
   * @param agents the agents of files, with what they inject, and their versions.
   * @param endTracing flushes the remaining spans.
   */
  static with(environment: Environment, agents: ServiceAgents, endTracing: () => Promise<void>): DynamicModule {
    return {
      module: ServiceModule,
      imports: [
        AgentModule.forRoot({
          ...agentOptions(environment),
          agentVersions: agents.versions,
          ...entryPoints(environment),
        }),
        ...(environment.servesStudio ? [StudioModule.forRoot()] : []),
      ],
      controllers: [HealthController, MetricsController, RootController],
      providers: [
        ...builtInProviders(environment),
        ...agents.providers,
        ModelCheck,
        {
          provide: ShutdownLog,
          inject: [AgentRunnerService],
          useFactory: (runner: AgentRunnerService) => new ShutdownLog(runner, environment.SHUTDOWN_TIMEOUT_SECONDS),
        },
        { provide: RootOptions, useValue: new RootOptions(environment.areDocsPublic, environment.servesStudio) },
        { provide: TracingShutdown, useValue: new TracingShutdown(endTracing) },
        { provide: APP_FILTER, useClass: OpenAIErrorFilter },
      ],
    };
  }
}

/** Selects the entry points. A worker has only health checks and metrics. */
function entryPoints({ PROCESS_ROLE, hasRpc, isOpenAIServed }: Environment) {
  if (PROCESS_ROLE === 'worker') return { http: false };
  const openai = isOpenAIServed ? { webSocket: ResponsesGateway } : false;
  return { http: true, admin: true, webSocket: ChatGateway, rpc: hasRpc ? ServiceRpcController : undefined, openai };
}
