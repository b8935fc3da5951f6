import type { AgentModuleOptions } from '../agent.options.js';
import type { AgentsModuleOptions } from '../agents/agents.options.js';
import type { AuthModuleOptions } from '../auth/authenticator.factory.js';
import type { HttpModuleOptions } from '../http/http.options.js';
import type { ModelsModuleOptions } from '../models/model.factory.js';
import type { ReleasesModuleOptions } from '../releases/releases.js';
import type { RunsModuleOptions } from '../runs/runs.options.js';
import type { StorageModuleOptions } from '../storage/storage.options.js';
import type { TasksModuleOptions } from '../tasks/tasks.options.js';
import type { TelemetryModuleOptions } from '../telemetry/telemetry.options.js';
import type { UsageModuleOptions } from '../usage/usage.options.js';

/** The options of all modules, complete. */
export interface ModuleOptions {
  readonly storage: StorageModuleOptions;
  readonly telemetry: TelemetryModuleOptions;
  readonly models: ModelsModuleOptions;
  readonly auth: AuthModuleOptions;
  readonly http: HttpModuleOptions;
  readonly agents: AgentsModuleOptions;
  readonly releases: ReleasesModuleOptions;
  readonly usage: UsageModuleOptions;
  readonly runs: RunsModuleOptions;
  readonly tasks: TasksModuleOptions;
}

/** Fills in the default of every option. */
export function completeOptions(options: AgentModuleOptions): ModuleOptions {
  const { maxConcurrentRuns = 1000, taskConcurrency = 100, rateLimit, budgets, webhooks } = options;
  return {
    storage: { databaseUrl: options.databaseUrl ?? 'file:./data/rookery.db', redisUrl: options.redisUrl },
    telemetry: { captureContent: options.telemetry?.captureContent ?? false },
    models: {
      model: options.model ?? {},
      fallbacks: options.fallbacks ?? [],
      // Tasks call the provider in addition to the runs that callers wait for.
      connections: maxConcurrentRuns + taskConcurrency,
    },
    auth: { auth: options.auth ?? 'none' },
    http: {
      rateLimits: {
        requests: rateLimit?.requests ?? 60,
        windowSeconds: rateLimit?.windowSeconds ?? 60,
        tokens: rateLimit?.tokens ?? 0,
        tenantRequests: rateLimit?.tenantRequests ?? 0,
        tenantTokens: rateLimit?.tenantTokens ?? 0,
      },
      authFailureLimit: options.authFailureLimit ?? 20,
      apiV1: options.apiV1 ?? {},
      corsOrigins: options.corsOrigins ?? [],
    },
    agents: { defaultModel: options.defaultModel ?? 'gpt-4o' },
    releases: { source: options.releases },
    usage: {
      prices: options.prices ?? {},
      tenantTokensPerMonth: budgets?.tenantTokensPerMonth,
      tenantCostPerMonth: budgets?.tenantCostPerMonth,
    },
    runs: {
      timeoutMs: options.timeoutMs ?? 30_000,
      maxConcurrentRuns,
      shutdownTimeoutMs: options.shutdownTimeoutMs ?? 30_000,
      streamGraceMs: options.streamGraceMs ?? 10_000,
      sessionPolicy: options.sessionPolicy ?? 'reject',
      historyTokens: options.historyTokens ?? 32_000,
      summarizeHistory: options.summarizeHistory ?? false,
      maxOutputTokens: options.maxOutputTokens,
      runTtlDays: options.runTtlDays ?? 30,
      sessionTtlDays: options.sessionTtlDays,
    },
    tasks: {
      role: options.role ?? 'all',
      concurrency: taskConcurrency,
      concurrencyPerCaller: options.taskConcurrencyPerCaller,
      waitForSession: options.sessionPolicy === 'queue',
      timeoutMs: options.taskTimeoutMs ?? 900_000,
      webhookSecret: webhooks?.secret,
      allowPrivateWebhooks: webhooks?.allowPrivate ?? false,
      budgetWebhookUrl: budgets?.webhookUrl,
    },
  };
}
