import type { AgentModuleOptions, AuthOptions } from '../../index.js';
import type { Environment } from './environment.js';
import { OWN_NAMES } from './model.settings.js';
import { listOf } from './text.list.js';

/** The variables that do not have the name of their option, for messages about it and for its documentation. */
const VARIABLES: Readonly<Record<string, string>> = {
  'model.apiKey': 'OPENAI_API_KEY',
  'model.baseUrl': 'OPENAI_BASE_URL',
  fallbacks: 'FALLBACK_MODELS',
  role: 'PROCESS_ROLE',
  timeoutMs: 'AGENT_TIMEOUT_SECONDS',
  'rateLimit.tenantRequests': 'TENANT_RATE_LIMIT_REQUESTS',
  'rateLimit.tenantTokens': 'TENANT_RATE_LIMIT_TOKENS',
  prices: 'PRICES_FILE',
  'budgets.tenantTokensPerMonth': 'TENANT_TOKENS_PER_MONTH',
  'budgets.tenantCostPerMonth': 'TENANT_COST_PER_MONTH',
  'budgets.webhookUrl': 'BUDGET_WEBHOOK_URL',
  'releases.flagdUrl': 'FLAGD_URL',
  'webhooks.secret': 'WEBHOOK_SECRET',
  'webhooks.secrets': 'WEBHOOK_SECRETS',
  'webhooks.signing': 'WEBHOOK_SIGNING',
  'auth.jwt.issuer': 'JWT_ISSUER',
  'auth.jwt.jwksUri': 'JWKS_URI',
  auth: 'AUTH_MODE',
  defaultModel: 'AGENT_MODEL',
  'images.urls': 'IMAGE_URLS',
  'images.hosts': 'IMAGE_HOSTS',
  'releases.directory': 'RELEASES_DIR',
  'telemetry.captureContent': 'OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT',
  'telemetry.logAddresses': 'LOG_ADDRESSES',
  'webhooks.allowPrivate': 'WEBHOOK_ALLOW_PRIVATE',
};
const OF_MODEL = /^(fallbacks\[\d+\]|models\..+)\.(?:model|provider\.(\w+))$/;
const OF_PROVIDER: Readonly<Record<string, string>> = { apiKey: 'API_KEY', baseUrl: 'BASE_URL' };

/**
 * Returns the variable of an option.
 *
 * @param path the path of the option, for example `fallbacks[0].provider.apiKey`.
 * @param providers the provider of each fallback and named model, such as `LOCAL`, whose variables begin with `LOCAL_`.
 */
export function variableOf(path: string, providers: ReadonlyMap<string, string>): string {
  const [, option, field] = OF_MODEL.exec(path) ?? [];
  if (option === undefined) return VARIABLES[path] ?? inCapitals(path);
  if (field !== undefined) return `${providers.get(option)}_${OF_PROVIDER[field]}`;
  return option.startsWith('models') ? 'MODELS' : 'FALLBACK_MODELS';
}

/** Converts the path of an option: `rateLimit.tokens` to `RATE_LIMIT_TOKENS`, and `streamGraceMs` to seconds. */
function inCapitals(path: string): string {
  const words = path.replace(/Ms$/, 'Seconds').replaceAll('.', '_');
  return words.replaceAll(/(?=[A-Z])/g, '_').toUpperCase();
}

/** The rate limit of a service that only this machine can call: its programs are not those of strangers. */
const LOCAL_REQUESTS = 600;
const REQUESTS = 60;

/** Returns the options of `AgentModule` that the settings choose. */
export function agentOptions(environment: Environment): AgentModuleOptions {
  return {
    model: {
      apiKey: environment.OPENAI_API_KEY,
      baseUrl: environment.OPENAI_BASE_URL,
      api: environment.MODEL_API,
      names: OWN_NAMES,
    },
    showModelHints: environment.isForThisMachine,
    defaultModel: environment.AGENT_MODEL,
    models: environment.models,
    fallbacks: environment.fallbacks,
    databaseUrl: environment.DATABASE_URL,
    redisUrl: environment.REDIS_URL,
    redisPrefix: environment.REDIS_PREFIX,
    auth: authOptions(environment),
    requireEndUser: environment.REQUIRE_END_USER === 'true',
    keyTtlDays: environment.KEY_TTL_DAYS,
    keyMaxDays: environment.KEY_MAX_DAYS,
    timeoutMs: environment.AGENT_TIMEOUT_SECONDS * 1000,
    taskTimeoutMs: environment.TASK_TIMEOUT_SECONDS * 1000,
    requestTimeoutMs: environment.REQUEST_TIMEOUT_SECONDS * 1000,
    taskConcurrency: environment.TASK_CONCURRENCY,
    taskConcurrencyPerCaller: environment.TASK_CONCURRENCY_PER_CALLER,
    approvalTimeoutHours: environment.APPROVAL_TIMEOUT_HOURS,
    openCallsTimeoutMinutes: environment.OPEN_CALLS_TIMEOUT_MINUTES,
    requireApprovalsScope: environment.isApprovalsScopeRequired,
    maxQueuedTasks: environment.MAX_QUEUED_TASKS,
    maxSessionsPerTenant: environment.MAX_SESSIONS_PER_TENANT,
    maxStorageMbPerTenant: environment.MAX_STORAGE_MB_PER_TENANT,
    runTtlDays: environment.RUN_TTL_DAYS,
    sessionTtlDays: environment.SESSION_TTL_DAYS,
    role: environment.PROCESS_ROLE,
    streamGraceMs: environment.STREAM_GRACE_SECONDS * 1000,
    sessionPolicy: environment.SESSION_POLICY,
    images: { urls: environment.IMAGE_URLS, hosts: listOf(environment.IMAGE_HOSTS) },
    historyTokens: environment.HISTORY_TOKENS,
    summarizeHistory: environment.isHistorySummarized,
    maxOutputTokens: environment.MAX_OUTPUT_TOKENS,
    maxConcurrentRuns: environment.MAX_CONCURRENT_RUNS,
    maxStreamsPerCaller: environment.MAX_STREAMS_PER_CALLER,
    authFailureLimit: environment.AUTH_FAILURE_LIMIT,
    rateLimit: {
      requests: environment.RATE_LIMIT_REQUESTS ?? (environment.isForThisMachine ? LOCAL_REQUESTS : REQUESTS),
      windowSeconds: environment.RATE_LIMIT_WINDOW_SECONDS,
      tokens: environment.RATE_LIMIT_TOKENS,
      tenantRequests: environment.TENANT_RATE_LIMIT_REQUESTS,
      tenantTokens: environment.TENANT_RATE_LIMIT_TOKENS,
    },
    prices: environment.prices,
    budgets: {
      tenantTokensPerMonth: environment.TENANT_TOKENS_PER_MONTH,
      tenantCostPerMonth: environment.TENANT_COST_PER_MONTH,
      webhookUrl: environment.BUDGET_WEBHOOK_URL,
    },
    releases: releaseOptions(environment),
    corsOrigins: listOf(environment.CORS_ORIGINS),
    apiV1: { deprecatedAt: timeOf(environment.API_V1_DEPRECATED_AT), sunsetAt: timeOf(environment.API_V1_SUNSET_AT) },
    webhooks: {
      secret: environment.WEBHOOK_SECRET,
      secrets: listOf(environment.WEBHOOK_SECRETS),
      signing: environment.WEBHOOK_SIGNING,
      allowPrivate: environment.arePrivateWebhooksAllowed,
    },
    telemetry: { captureContent: environment.isContentCaptured, logAddresses: environment.areAddressesLogged },
    shutdownTimeoutMs: environment.SHUTDOWN_TIMEOUT_SECONDS * 1000,
  };
}

function releaseOptions({ RELEASES_DIR: directory, FLAGD_URL: flagdUrl }: Environment): AgentModuleOptions['releases'] {
  return directory === undefined ? undefined : { directory, flagdUrl };
}

function timeOf(setting: string | undefined): Date | undefined {
  return setting === undefined ? undefined : new Date(setting);
}

function authOptions(environment: Environment): AuthOptions {
  const { areKeysAccepted, areTokensAccepted, JWT_ISSUER = '', JWT_AUDIENCE = '', JWKS_URI = '' } = environment;
  if (!areTokensAccepted) return areKeysAccepted ? 'api-key' : 'none';
  const urls = listOf(JWKS_URI);
  const jwt = listOf(JWT_ISSUER).map((issuer, index) => ({
    issuer,
    audience: JWT_AUDIENCE,
    jwksUri: urls[index],
    tenantClaim: environment.JWT_TENANT_CLAIM,
    scopeClaim: environment.JWT_SCOPE_CLAIM,
    userClaim: environment.JWT_USER_CLAIM,
    scopePrefix: environment.JWT_SCOPE_PREFIX,
    allowAdmin: environment.JWT_ALLOW_ADMIN === 'true',
    type: environment.JWT_TYPE,
    maxAgeSeconds: environment.JWT_MAX_AGE_SECONDS,
  }));
  return { jwt, apiKeys: areKeysAccepted };
}
