import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AgentModule, AgentRunnerService } from '../index.js';
import { OpenAIErrorFilter } from '../openai/index.js';
import { StudioModule } from '../studio/index.js';
import { ChatGateway } from '../websocket/index.js';
import { ServiceRpcController } from './rpc.setup.js';
import { AssistantAgent } from './agents/assistant.agent.js';
import { CoderAgent } from './agents/coder.agent.js';
import { ResearcherAgent } from './agents/researcher.agent.js';
import { agentOptions } from './settings/agent.settings.js';
import type { Environment } from './settings/environment.js';
import { HealthController } from './health.controller.js';
import { CpuBudget } from '../tools/cpu.budget.js';
import { DocumentIndex } from '../tools/document.index.js';
import { MetricsController } from './observability/metrics.controller.js';
import { ShutdownLog } from './startup/shutdown.log.js';
import { ModelCheck } from './startup/model.check.js';
import { RootController, RootOptions } from './root.controller.js';
import { TracingShutdown } from './observability/tracing.shutdown.js';
import { JavaScriptSandbox } from '../tools/javascript.sandbox.js';

/** The standalone service: AgentModule with three agents, as a host would use it. */
@Module({})
export class ServiceModule {
  /** @param endTracing flushes the remaining spans. */
  static with(environment: Environment, endTracing: () => Promise<void>): DynamicModule {
    return {
      module: ServiceModule,
      imports: [
        AgentModule.forRoot({ ...agentOptions(environment), ...entryPoints(environment) }),
        ...(environment.servesStudio ? [StudioModule.forRoot()] : []),
      ],
      controllers: [HealthController, MetricsController, RootController],
      providers: [
        AssistantAgent,
        ResearcherAgent,
        CoderAgent,
        { provide: JavaScriptSandbox, useFactory: () => sandboxOf(environment) },
        { provide: DocumentIndex, useFactory: () => DocumentIndex.open(environment.DOCS_DIR) },
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
function entryPoints({ PROCESS_ROLE, hasRpc, isOpenAIServed: openai }: Environment) {
  if (PROCESS_ROLE === 'worker') return { http: false };
  return { http: true, admin: true, webSocket: ChatGateway, rpc: hasRpc ? ServiceRpcController : undefined, openai };
}

function sandboxOf({ SANDBOX_WORKERS, SANDBOX_CPU_SECONDS }: Environment): JavaScriptSandbox {
  return new JavaScriptSandbox(SANDBOX_WORKERS, new CpuBudget(SANDBOX_CPU_SECONDS || Infinity));
}
