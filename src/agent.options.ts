import type { AuthOptions } from './auth/authenticator.factory.js';
import type { ApiLifecycleOptions } from './http/api.lifecycle.js';
import type { LanguageModel } from './models/language.model.js';
import { isOffline, type ModelFallback, type ModelProviderOptions } from './models/model.factory.js';
import type { ReleaseOptions } from './releases/releases.js';
import type { SessionPolicy } from './runs/recovery/session.queue.js';
import { checkedPrices, type PriceTable } from './usage/prices.js';

/** How the outcome of background runs is posted to their `webhook_url`. */
export interface WebhookOptions {
  /** `whsec_` and base64 of 24 to 64 bytes. Signs each post. Without it a `webhook_url` is refused. */
  readonly secret?: string | undefined;
  /** Also allows http, private networks and this machine as targets. Default: false. */
  readonly allowPrivate?: boolean | undefined;
}

/** Limits on requests and tokens within a window. 0: no limit. */
export interface RateLimitOptions {
  /** Requests of one caller. */
  readonly requests: number;
  readonly windowSeconds: number;
  /** Tokens of one caller's runs. Default: 0. */
  readonly tokens?: number | undefined;
  /** Requests of all callers of a tenant together. Default: 0. */
  readonly tenantRequests?: number | undefined;
  /** Tokens of all runs of a tenant. Default: 0. */
  readonly tenantTokens?: number | undefined;
}

/** Limits on the use of each tenant in a calendar month, UTC. */
export interface BudgetOptions {
  readonly tenantTokensPerMonth?: number | undefined;
  /** In US dollars. Needs `prices`. */
  readonly tenantCostPerMonth?: number | undefined;
  /** Receives a post when a tenant or API key has used 80 % and 100 % of its budget. Needs `webhooks.secret`. */
  readonly webhookUrl?: string | undefined;
}

/** The content of spans. */
export interface TelemetryOptions {
  /** Records messages, instructions, and the input and output of tools in spans. Default: false. */
  readonly captureContent?: boolean | undefined;
}

/** The options of `AgentModule`. Every field has a default. */
export interface AgentModuleOptions {
  /**
   * Your own LanguageModel, or a provider. Default: the built-in offline model, also for a provider without key and
   * base URL.
   */
  readonly model?: LanguageModel | ModelProviderOptions | undefined;
  /**
   * Models to try, in this order, if the agent's own model fails before the first word of its answer. Unreachable
   * models and refused calls count as failures. Default: none.
   */
  readonly fallbacks?: readonly ModelFallback[] | undefined;
  /** The model of agents that do not name one. Default: gpt-4o. */
  readonly defaultModel?: string | undefined;
  /**
   * `file:<path>` of an SQLite database, or `postgres://<user>:<password>@<host>/<database>`, which needs the package
   * `pg`. Only one process may use a database, unless `redisUrl` is set. Default: file:./data/rookery.db.
   */
  readonly databaseUrl?: string | undefined;
  /**
   * `redis://` or `rediss://`. Lets several processes share one PostgreSQL database, the queue, events, limits and
   * cancellations. Needs ioredis, bullmq and rate-limiter-flexible. Default: none, one process.
   */
  readonly redisUrl?: string | undefined;
  /** How callers of the routes authenticate. Default: none, one tenant whose callers differ by network address. */
  readonly auth?: AuthOptions | undefined;
  /** Time limit of a run, in milliseconds. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Time limit of a background run, in milliseconds. Waiting for approvals does not count. Default: 900 000. */
  readonly taskTimeoutMs?: number | undefined;
  /** Maximum concurrent background runs in this process. Default: 100. */
  readonly taskConcurrency?: number | undefined;
  /** Maximum concurrent background runs of one caller, in all processes. Default: no limit. */
  readonly taskConcurrencyPerCaller?: number | undefined;
  /** Days that a run and its events are kept after the run has ended. Default: 30. */
  readonly runTtlDays?: number | undefined;
  /** Days that a session is kept after its last turn. Default: no limit. */
  readonly sessionTtlDays?: number | undefined;
  /** Whether this process serves requests, processes background runs, or both. Default: all. */
  readonly role?: 'all' | 'http' | 'worker' | undefined;
  /** How long a streamed run continues after its last reader has left, in milliseconds. Default: 10 000. */
  readonly streamGraceMs?: number | undefined;
  /**
   * Decides about a run whose session is busy: it is refused (`reject`), waits within its deadline (`queue`), or
   * replaces the other run (`interrupt`). Default: reject.
   */
  readonly sessionPolicy?: SessionPolicy | undefined;
  /** Maximum tokens of earlier turns that are sent to the model. Default: 32 000. */
  readonly historyTokens?: number | undefined;
  /** Sends older turns as a summary, written by the agent's model. Default: false. */
  readonly summarizeHistory?: boolean | undefined;
  /** Maximum output tokens of an answer. Default: the model's own. */
  readonly maxOutputTokens?: number | undefined;
  /** Maximum concurrent runs. Further callers get `overloaded`. Default: 1000. */
  readonly maxConcurrentRuns?: number | undefined;
  /**
   * Versions of the agents' instructions and models, and the flags that choose among them. Needs yaml,
   * `@openfeature/server-sdk` and `@openfeature/flagd-core`. Default: agents run as coded.
   */
  readonly releases?: ReleaseOptions | undefined;
  /** Webhooks that report the outcome of background runs. Default: none. */
  readonly webhooks?: WebhookOptions | undefined;
  /** Limits on requests and tokens per window. Default: 60 requests per caller in 60 seconds. */
  readonly rateLimit?: RateLimitOptions | undefined;
  /** Prices of models. Default: none, so costs are unknown. */
  readonly prices?: PriceTable | undefined;
  /** Monthly budget of each tenant. An API key has its own budget. Default: no limit. */
  readonly budgets?: BudgetOptions | undefined;
  /**
   * Maximum failed authentications per network address and minute. Further failures get `rate_limited`; valid
   * credentials still pass. 0: no limit. Default: 20.
   */
  readonly authFailureLimit?: number | undefined;
  /** Origins whose pages may connect by WebSocket, besides the application's own. Default: none. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** When version 1 of the API is deprecated and when it ends. Its responses say so. Default: neither. */
  readonly apiV1?: ApiLifecycleOptions | undefined;
  /** The content of OpenTelemetry spans. Default: no messages. */
  readonly telemetry?: TelemetryOptions | undefined;
  /** How long runs may continue after shutdown has begun, in milliseconds. Default: 30 000. */
  readonly shutdownTimeoutMs?: number | undefined;
}

/** Each fall-back gets a share of a run's time. */
const MAX_FALLBACKS = 10;
const DEFAULT_DATABASE = 'file:./data/rookery.db';
/** Base64 has groups of four characters for three bytes. The last group is padded. */
const WEBHOOK_SECRET =
  /^whsec_(([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|([A-Za-z0-9+/]{4}){21}([A-Za-z0-9+/]{2}==)?)$/;
/** The longest delay that a timer accepts. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * Fills in the default of every option.
 *
 * @throws Error that names an invalid option.
 */
export function completed(options: AgentModuleOptions) {
  const { redisUrl, databaseUrl = DEFAULT_DATABASE, role } = options;
  const rateLimit: RateLimitOptions = options.rateLimit ?? { requests: 60, windowSeconds: 60 };
  if (redisUrl !== undefined && databaseUrl.startsWith('file:')) {
    throw new Error('AgentModule: redisUrl needs a PostgreSQL databaseUrl; only one process can use a file.');
  }
  if (redisUrl === undefined && role !== undefined && role !== 'all') {
    throw new Error(`AgentModule: role ${role} needs a redisUrl to share work with the other processes.`);
  }
  return {
    model: options.model ?? {},
    fallbacks: checkedFallbacks(options),
    defaultModel: options.defaultModel ?? 'gpt-4o',
    databaseUrl,
    redisUrl,
    auth: options.auth ?? 'none',
    timeoutMs: within('timeoutMs', options.timeoutMs ?? 30_000, 1, LONGEST_MS),
    taskTimeoutMs: within('taskTimeoutMs', options.taskTimeoutMs ?? 900_000, 1, LONGEST_MS),
    taskConcurrency: within('taskConcurrency', options.taskConcurrency ?? 100, 1),
    taskConcurrencyPerCaller: within(
      'taskConcurrencyPerCaller',
      options.taskConcurrencyPerCaller ?? Infinity,
      1,
      Infinity,
    ),
    runTtlDays: within('runTtlDays', options.runTtlDays ?? 30, 0),
    sessionTtlDays:
      options.sessionTtlDays === undefined ? undefined : within('sessionTtlDays', options.sessionTtlDays, 0),
    role: role ?? 'all',
    streamGraceMs: within('streamGraceMs', options.streamGraceMs ?? 10_000, 0, LONGEST_MS),
    sessionPolicy: options.sessionPolicy ?? 'reject',
    historyTokens: within('historyTokens', options.historyTokens ?? 32_000, 0),
    summarizeHistory: options.summarizeHistory ?? false,
    maxOutputTokens:
      options.maxOutputTokens === undefined ? undefined : within('maxOutputTokens', options.maxOutputTokens, 1),
    webhooks: {
      secret: checkedSecret(options.webhooks?.secret),
      allowPrivate: options.webhooks?.allowPrivate ?? false,
    },
    maxConcurrentRuns: within('maxConcurrentRuns', options.maxConcurrentRuns ?? 1000, 1),
    rateLimit: {
      requests: within('rateLimit.requests', rateLimit.requests, 0),
      windowSeconds: within('rateLimit.windowSeconds', rateLimit.windowSeconds, 1, LONGEST_MS / 1000),
      tokens: within('rateLimit.tokens', rateLimit.tokens ?? 0, 0),
      tenantRequests: within('rateLimit.tenantRequests', rateLimit.tenantRequests ?? 0, 0),
      tenantTokens: within('rateLimit.tenantTokens', rateLimit.tenantTokens ?? 0, 0),
    },
    releases: checkedReleases(options.releases),
    prices: checkedPrices(options.prices ?? {}),
    budgets: checkedBudgets(options),
    authFailureLimit: within('authFailureLimit', options.authFailureLimit ?? 20, 0),
    corsOrigins: options.corsOrigins ?? [],
    apiV1: checkedLifecycle(options.apiV1),
    telemetry: { captureContent: options.telemetry?.captureContent ?? false },
    shutdownTimeoutMs: within('shutdownTimeoutMs', options.shutdownTimeoutMs ?? 30_000, 0, LONGEST_MS),
  };
}

function within(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (value >= least && value <= most) return value;
  throw new Error(`AgentModule: ${name} must be from ${least} to ${most}, not ${value}.`);
}

function checkedFallbacks({ model = {}, fallbacks = [] }: AgentModuleOptions): readonly ModelFallback[] {
  if (fallbacks.length > 0 && isOffline(model)) {
    throw new Error('AgentModule: fallbacks need a model that may fail; the offline model never fails.');
  }
  if (fallbacks.length > MAX_FALLBACKS) {
    throw new Error(`AgentModule: fallbacks must have at most ${MAX_FALLBACKS} models, not ${fallbacks.length}.`);
  }
  for (const [index, fallback] of fallbacks.entries()) {
    if (fallback.model.trim() === '') throw new Error(`AgentModule: fallbacks[${index}].model must name a model.`);
  }
  return fallbacks;
}

function checkedBudgets({ budgets = {}, prices, webhooks }: AgentModuleOptions) {
  const { tenantTokensPerMonth, tenantCostPerMonth, webhookUrl } = budgets;
  if (tenantCostPerMonth !== undefined && prices === undefined) {
    throw new Error('AgentModule: budgets.tenantCostPerMonth needs prices.');
  }
  if (webhookUrl !== undefined && webhooks?.secret === undefined) {
    throw new Error('AgentModule: budgets.webhookUrl needs webhooks.secret.');
  }
  if (webhookUrl !== undefined && !(/^https?:/i.test(webhookUrl) && URL.canParse(webhookUrl))) {
    throw new Error('AgentModule: budgets.webhookUrl must be an http or https URL.');
  }
  return { tenantTokensPerMonth, tenantCostPerMonth, webhookUrl };
}

function checkedLifecycle({ deprecatedAt, sunsetAt }: ApiLifecycleOptions = {}): ApiLifecycleOptions {
  for (const date of [deprecatedAt, sunsetAt]) {
    if (date && Number.isNaN(date.getTime())) throw new Error('AgentModule: apiV1 has an invalid date.');
  }
  if (deprecatedAt && sunsetAt && sunsetAt < deprecatedAt) {
    throw new Error('AgentModule: apiV1.sunsetAt must not be before apiV1.deprecatedAt.');
  }
  return { deprecatedAt, sunsetAt };
}

/** The error omits the secret because errors are logged. */
function checkedSecret(secret: string | undefined): string | undefined {
  if (secret === undefined || WEBHOOK_SECRET.test(secret)) return secret;
  throw new Error('AgentModule: webhooks.secret must be whsec_ and base64 of 24 to 64 bytes.');
}

function checkedReleases(releases: ReleaseOptions | undefined): ReleaseOptions | undefined {
  if (releases?.flagdUrl === undefined || releases.provider === undefined) return releases;
  throw new Error('AgentModule: set releases.flagdUrl or releases.provider, not both.');
}

export type CompletedOptions = ReturnType<typeof completed>;
