import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { AgentModule, type AgentModuleOptions, type AuthOptions, ErrorFilter } from '../index.js';
import { ChatGateway } from '../websocket/index.js';
import { ServiceRpcController } from './rpc.setup.js';
import { AssistantAgent } from './agents/assistant.agent.js';
import { CoderAgent } from './agents/coder.agent.js';
import { ResearcherAgent } from './agents/researcher.agent.js';
import type { Environment } from './settings/environment.js';
import { listOf } from './settings/setting.rules.js';
import { HealthController } from './health.controller.js';
import { DocumentIndex } from '../tools/document.index.js';
import { MetricsController } from './observability/metrics.controller.js';
import { readPrices } from './settings/prices.file.js';
import { TracingEnd } from './observability/tracing.shutdown.js';
import { JavaScriptSandbox } from '../tools/javascript.sandbox.js';

/** The standalone service: AgentModule with three agents, as a host would use it. */
@Module({})
export class ServiceModule {
  /** @param endTracing flushes the remaining spans. */
  static with(environment: Environment, endTracing: () => Promise<void>): DynamicModule {
    return {
      module: ServiceModule,
      imports: [AgentModule.forRoot({ ...agentOptions(environment), ...entryPoints(environment) })],
      controllers: [HealthController, MetricsController],
      providers: [
        AssistantAgent,
        ResearcherAgent,
        CoderAgent,
        JavaScriptSandbox,
        { provide: DocumentIndex, useFactory: () => DocumentIndex.open(environment.DOCS_DIR) },
        { provide: TracingEnd, useValue: new TracingEnd(endTracing) },
        { provide: APP_FILTER, useClass: ErrorFilter },
      ],
    };
  }
}

interface EntryPoints {
  http: boolean;
  webSocket?: typeof ChatGateway;
  rpc?: typeof ServiceRpcController | undefined;
}

/** Selects the entry points. A worker has only health checks and metrics. */
function entryPoints({ PROCESS_ROLE, hasRpc }: Environment): EntryPoints {
  if (PROCESS_ROLE === 'worker') return { http: false };
  return { http: true, webSocket: ChatGateway, rpc: hasRpc ? ServiceRpcController : undefined };
}

function agentOptions(environment: Environment): AgentModuleOptions {
  return {
    model: {
      apiKey: environment.OPENAI_API_KEY,
      baseUrl: environment.OPENAI_BASE_URL,
      api: environment.MODEL_API,
    },
    defaultModel: environment.AGENT_MODEL,
    fallbacks: environment.fallbacks,
    databaseUrl: environment.DATABASE_URL,
    redisUrl: environment.REDIS_URL,
    auth: authOptions(environment),
    timeoutMs: environment.AGENT_TIMEOUT_SECONDS * 1000,
    taskTimeoutMs: environment.TASK_TIMEOUT_SECONDS * 1000,
    taskConcurrency: environment.TASK_CONCURRENCY,
    taskConcurrencyPerCaller: environment.TASK_CONCURRENCY_PER_CALLER,
    runTtlDays: environment.RUN_TTL_DAYS,
    sessionTtlDays: environment.SESSION_TTL_DAYS,
    role: environment.PROCESS_ROLE,
    streamGraceMs: environment.STREAM_GRACE_SECONDS * 1000,
    sessionPolicy: environment.SESSION_POLICY,
    historyTokens: environment.HISTORY_TOKENS,
    summarizeHistory: environment.isHistorySummarized,
    maxOutputTokens: environment.MAX_OUTPUT_TOKENS,
    maxConcurrentRuns: environment.MAX_CONCURRENT_RUNS,
    authFailureLimit: environment.AUTH_FAILURE_LIMIT,
    rateLimit: {
      requests: environment.RATE_LIMIT_REQUESTS,
      windowSeconds: environment.RATE_LIMIT_WINDOW_SECONDS,
      tokens: environment.RATE_LIMIT_TOKENS,
      tenantRequests: environment.TENANT_RATE_LIMIT_REQUESTS,
      tenantTokens: environment.TENANT_RATE_LIMIT_TOKENS,
    },
    prices: environment.PRICES_FILE === undefined ? undefined : readPrices(environment.PRICES_FILE),
    budgets: {
      tenantTokensPerMonth: environment.TENANT_TOKENS_PER_MONTH,
      tenantCostPerMonth: environment.TENANT_COST_PER_MONTH,
      webhookUrl: environment.BUDGET_WEBHOOK_URL,
    },
    releases: releaseOptions(environment),
    corsOrigins: listOf(environment.CORS_ORIGINS),
    apiV1: { deprecatedAt: timeOf(environment.API_V1_DEPRECATED_AT), sunsetAt: timeOf(environment.API_V1_SUNSET_AT) },
    webhooks: { secret: environment.WEBHOOK_SECRET, allowPrivate: environment.arePrivateWebhooksAllowed },
    telemetry: { captureContent: environment.isContentCaptured },
    shutdownTimeoutMs: environment.SHUTDOWN_TIMEOUT_SECONDS * 1000,
  };
}

function releaseOptions({ RELEASES_DIR: directory, FLAGD_URL: flagdUrl }: Environment): AgentModuleOptions['releases'] {
  return directory === undefined ? undefined : { directory, flagdUrl };
}

function timeOf(setting: string | undefined): Date | undefined {
  return setting === undefined ? undefined : new Date(setting);
}

function authOptions({ AUTH_MODE, JWT_ISSUER = '', JWT_AUDIENCE = '', JWKS_URI = '' }: Environment): AuthOptions {
  if (AUTH_MODE !== 'jwt') return AUTH_MODE;
  return { jwt: { issuer: JWT_ISSUER, audience: JWT_AUDIENCE, jwksUri: JWKS_URI } };
}
