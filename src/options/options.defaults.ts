import type { AgentModuleOptions } from '../agent.options.js';
import { AgentsModuleOptions } from '../agents/agents.options.js';
import { AuthModuleOptions } from '../auth/authenticator.factory.js';
import { HttpModuleOptions } from '../http/http.options.js';
import { KeysModuleOptions } from '../keys/keys.options.js';
import { LanguageModel } from '../models/language.model.js';
import { isOffline, isVendor, ModelsModuleOptions } from '../models/model.factory.js';
import { ReleasesModuleOptions } from '../releases/releases.options.js';
import { RunsModuleOptions } from '../runs/runs.options.js';
import { StorageModuleOptions } from '../storage/storage.options.js';
import { TasksModuleOptions } from '../tasks/tasks.options.js';
import { TelemetryModuleOptions } from '../telemetry/telemetry.options.js';
import { UsageModuleOptions } from '../usage/usage.options.js';

/** The tokens under which the modules inject their options. */
export const OPTION_TOKENS = {
  storage: StorageModuleOptions,
  telemetry: TelemetryModuleOptions,
  models: ModelsModuleOptions,
  auth: AuthModuleOptions,
  keys: KeysModuleOptions,
  http: HttpModuleOptions,
  agents: AgentsModuleOptions,
  releases: ReleasesModuleOptions,
  usage: UsageModuleOptions,
  runs: RunsModuleOptions,
  tasks: TasksModuleOptions,
} as const;

/** The options of all modules, complete. */
export type ModuleOptions = { readonly [K in keyof typeof OPTION_TOKENS]: (typeof OPTION_TOKENS)[K]['prototype'] };

/** Fills in the default of every option. */
export function completeOptions(options: AgentModuleOptions): ModuleOptions {
  const { maxConcurrentRuns = 1000, taskConcurrency = 100, rateLimit, budgets, webhooks } = options;
  return {
    storage: {
      databaseUrl: options.databaseUrl ?? 'file:./data/rookery.db',
      redisUrl: options.redisUrl,
      redisPrefix: options.redisPrefix,
    },
    telemetry: { captureContent: options.telemetry?.captureContent ?? false },
    models: {
      model: options.model ?? {},
      models: options.models ?? {},
      fallbacks: options.fallbacks ?? [],
      // Tasks call the provider in addition to the runs that callers wait for.
      connections: maxConcurrentRuns + taskConcurrency,
      areHintsShown: options.showModelHints ?? false,
    },
    auth: {
      auth: options.auth ?? 'none',
      requireEndUser: options.requireEndUser ?? false,
      logAddresses: options.telemetry?.logAddresses ?? true,
    },
    keys: { ttlDays: options.keyTtlDays, maxDays: options.keyMaxDays },
    http: {
      rateLimits: {
        requests: rateLimit?.requests ?? 60,
        windowSeconds: rateLimit?.windowSeconds ?? 60,
        tokens: rateLimit?.tokens ?? 0,
        tenantRequests: rateLimit?.tenantRequests ?? 0,
        tenantTokens: rateLimit?.tenantTokens ?? 0,
      },
      authFailureLimit: options.authFailureLimit ?? 20,
      maxStreamsPerCaller: options.maxStreamsPerCaller ?? 100,
      requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
      apiV1: options.apiV1 ?? {},
      corsOrigins: options.corsOrigins ?? [],
    },
    agents: {
      defaultModel: options.defaultModel ?? 'gpt-4o',
      modelNames: onlyModels(options),
      globalEnhancersOnTools: options.globalEnhancersOnTools ?? true,
      versions: options.agentVersions ?? {},
    },
    releases: { source: options.releases },
    usage: {
      prices: options.prices ?? {},
      tenantTokensPerMonth: budgets?.tenantTokensPerMonth,
      tenantCostPerMonth: budgets?.tenantCostPerMonth,
      maxSessionsPerTenant: options.maxSessionsPerTenant ?? 0,
      maxStorageMbPerTenant: options.maxStorageMbPerTenant ?? 0,
    },
    runs: {
      timeoutMs: options.timeoutMs ?? 30_000,
      maxConcurrentRuns,
      shutdownTimeoutMs: options.shutdownTimeoutMs ?? 30_000,
      maxQueuedTasks: options.maxQueuedTasks ?? 1000,
      streamGraceMs: options.streamGraceMs ?? 10_000,
      sessionPolicy: options.sessionPolicy ?? 'reject',
      imageUrls: options.images?.urls ?? (hasOtherProvider(options) ? 'data' : 'https'),
      imageHosts: (options.images?.hosts ?? []).map((host) => host.toLowerCase()),
      historyTokens: options.historyTokens ?? 32_000,
      summarizeHistory: options.summarizeHistory ?? false,
      maxOutputTokens: options.maxOutputTokens,
      approvalTimeoutHours: options.approvalTimeoutHours ?? 168,
      openCallsTimeoutMinutes: options.openCallsTimeoutMinutes ?? 60,
      requireApprovalsScope: options.requireApprovalsScope ?? false,
      runTtlDays: options.runTtlDays ?? 30,
      sessionTtlDays: options.sessionTtlDays,
    },
    tasks: {
      role: options.role ?? 'all',
      concurrency: taskConcurrency,
      concurrencyPerCaller: options.taskConcurrencyPerCaller,
      waitForSession: options.sessionPolicy === 'queue',
      timeoutMs: options.taskTimeoutMs ?? 900_000,
      webhookSecrets: webhookSecretsOf(options),
      webhookSigning: webhooks?.signing ?? 'shared',
      allowPrivateWebhooks: webhooks?.allowPrivate ?? false,
      budgetWebhookUrl: budgets?.webhookUrl,
    },
  };
}

/** Whether a provider may be in the operator's own network, where it must not fetch images. */
function hasOtherProvider({ model = {}, models = {}, fallbacks = [] }: AgentModuleOptions): boolean {
  const others = [...Object.values(models), ...fallbacks].map((each) =>
    each instanceof LanguageModel ? each : each.provider,
  );
  return [model, ...others].some((provider) => provider !== undefined && !isVendor(provider));
}

/** The names in `models`, if no provider has other models. They exclude the offline model. */
function onlyModels({ model = {}, models = {} }: AgentModuleOptions): readonly string[] | undefined {
  const names = Object.keys(models);
  return names.length > 0 && isOffline(model) ? names : undefined;
}

/** All secrets, each once. The signatures of a post have this order. */
function webhookSecretsOf({ webhooks: { secret, secrets = [] } = {} }: AgentModuleOptions): readonly string[] {
  return [...new Set(secret === undefined ? secrets : [secret, ...secrets])];
}
