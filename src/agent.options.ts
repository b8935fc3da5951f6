import type { AuthOptions } from './auth/authenticator.factory.js';
import type { ApiLifecycleOptions } from './http/api.lifecycle.js';
import type { LanguageModel } from './models/language.model.js';
import { isOffline, type ModelFallback, type ModelProviderOptions } from './models/model.factory.js';
import type { ReleaseOptions } from './releases/releases.js';
import type { SessionPolicy } from './runs/session.queue.js';
import { checkedPrices, type PriceTable } from './usage/prices.js';

/** How the ends of background runs are posted to the `webhook_url` that was given with them. */
export interface WebhookOptions {
  /** `whsec_` and base64 of 24 to 64 bytes, which signs each post. Without it a `webhook_url` is refused. */
  readonly secret?: string | undefined;
  /** Whether http, and addresses of private networks and of this machine, are allowed too. Default: false. */
  readonly allowPrivate?: boolean | undefined;
}

/** What callers may ask and use within a window; 0: no limit. */
export interface RateLimitOptions {
  /** Of one caller. */
  readonly requests: number;
  readonly windowSeconds: number;
  /** Tokens of one caller's runs. Default: 0. */
  readonly tokens?: number | undefined;
  /** Of all callers of a tenant together. Default: 0. */
  readonly tenantRequests?: number | undefined;
  /** Tokens of all runs of a tenant. Default: 0. */
  readonly tenantTokens?: number | undefined;
}

/** What each tenant may use in a calendar month, UTC. */
export interface BudgetOptions {
  readonly tenantTokensPerMonth?: number | undefined;
  /** In US dollars; it needs `prices`. */
  readonly tenantCostPerMonth?: number | undefined;
  /** Is posted to when a budget, also that of a key, is used to 80 % and used up; needs `webhooks.secret`. */
  readonly webhookUrl?: string | undefined;
}

/** What spans tell. */
export interface TelemetryOptions {
  /** Messages, instructions, and what tools are given and give. Default: false. */
  readonly captureContent?: boolean | undefined;
}

/** What a host may choose. Every field has a default. */
export interface AgentModuleOptions {
  /**
   * Your own LanguageModel, or a provider. Default, and for a provider with neither key nor base URL: the
   * built-in offline model.
   */
  readonly model?: LanguageModel | ModelProviderOptions | undefined;
  /**
   * Models that step in, in this order, while the agent's own one cannot be reached, refuses its service or fails before
   * the first word of its answer. Default: none.
   */
  readonly fallbacks?: readonly ModelFallback[] | undefined;
  /** The model of agents that name none. Default: gpt-4o. */
  readonly defaultModel?: string | undefined;
  /**
   * `file:<path>` of an SQLite database, or `postgres://<user>:<password>@<host>/<database>`, which needs the package
   * `pg`. One database serves one process. Default: file:./data/rookery.db.
   */
  readonly databaseUrl?: string | undefined;
  /**
   * `redis://` or `rediss://`: with it several processes share one PostgreSQL database, and the queue, the events, the
   * limits and the cancelling of runs. Needs ioredis, bullmq and rate-limiter-flexible. Default: none, one process.
   */
  readonly redisUrl?: string | undefined;
  /** How callers of the routes are known. Default: none, one tenant whose callers differ by network address. */
  readonly auth?: AuthOptions | undefined;
  /** Longest run, in milliseconds. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Longest run in the background, in milliseconds; waiting for approvals does not count. Default: 900 000. */
  readonly taskTimeoutMs?: number | undefined;
  /** Background runs at once in this process. Default: 100. */
  readonly taskConcurrency?: number | undefined;
  /** Background runs of one caller at once, in all processes. Default: no limit. */
  readonly taskConcurrencyPerCaller?: number | undefined;
  /** Days after its end that a run and its events are kept. Default: 30. */
  readonly runTtlDays?: number | undefined;
  /** Days after its last turn that a session is kept. Default: for ever. */
  readonly sessionTtlDays?: number | undefined;
  /** Whether this process takes requests, works on background runs, or both. Default: all. */
  readonly role?: 'all' | 'http' | 'worker' | undefined;
  /** How long a streamed run goes on after its last reader has left, in milliseconds. Default: 10 000. */
  readonly streamGraceMs?: number | undefined;
  /**
   * What becomes of a run whose session another one holds: it is refused, it waits within its deadline, or it takes
   * the other's place. Default: reject.
   */
  readonly sessionPolicy?: SessionPolicy | undefined;
  /** Tokens of earlier turns that are sent to the model. Default: 32 000. */
  readonly historyTokens?: number | undefined;
  /** Whether older turns are sent as a summary, which the agent's model makes of them. Default: false. */
  readonly summarizeHistory?: boolean | undefined;
  /** Cap on the tokens of an answer. Default: the model's own. */
  readonly maxOutputTokens?: number | undefined;
  /** Runs at once; beyond it callers get `overloaded`. Default: 1000. */
  readonly maxConcurrentRuns?: number | undefined;
  /**
   * Other versions of the agents' instructions and models, and who gets which. Needs yaml, @openfeature/server-sdk
   * and @openfeature/flagd-core. Default: agents run as they are coded.
   */
  readonly releases?: ReleaseOptions | undefined;
  /** How callers of background runs are told of their ends. Default: not at all. */
  readonly webhooks?: WebhookOptions | undefined;
  /** Requests per caller and window; 0 requests: no limit. Default: 60 in 60 seconds. */
  readonly rateLimit?: RateLimitOptions | undefined;
  /** What models cost. Default: nothing is known of it. */
  readonly prices?: PriceTable | undefined;
  /** What each tenant may use in a calendar month. Default: no limit; that of a key is its own. */
  readonly budgets?: BudgetOptions | undefined;
  /**
   * Failed authentications of one network address in a minute; beyond it they get `rate_limited`. Good credentials are
   * not refused for it. 0: no limit. Default: 20.
   */
  readonly authFailureLimit?: number | undefined;
  /** Origins whose pages may connect by WebSocket, besides the application's own. Default: none. */
  readonly corsOrigins?: readonly string[] | undefined;
  /** When version 1 of the API is deprecated and when it ends, for its answers to say so. Default: neither. */
  readonly apiV1?: ApiLifecycleOptions | undefined;
  /** What the spans of OpenTelemetry tell. Default: nothing of what was said. */
  readonly telemetry?: TelemetryOptions | undefined;
  /** How long runs may go on after the application was told to stop, in milliseconds. Default: 30 000. */
  readonly shutdownTimeoutMs?: number | undefined;
}

/** Each may take its part of a run's time. */
const MAX_FALLBACKS = 10;
const DEFAULT_DATABASE = 'file:./data/rookery.db';
/** Base64 is in groups of four characters for three bytes, the last one filled up. */
const WEBHOOK_SECRET =
  /^whsec_(([A-Za-z0-9+/]{4}){8,20}([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?|([A-Za-z0-9+/]{4}){21}([A-Za-z0-9+/]{2}==)?)$/;
/** Timers cannot be set further ahead. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * The options with every default filled in.
 *
 * @throws Error that names an option that is out of bounds.
 */
export function completed(options: AgentModuleOptions) {
  const { redisUrl, databaseUrl = DEFAULT_DATABASE, role } = options;
  const rateLimit: RateLimitOptions = options.rateLimit ?? { requests: 60, windowSeconds: 60 };
  if (redisUrl !== undefined && databaseUrl.startsWith('file:')) {
    throw new Error("AgentModule: redisUrl needs a databaseUrl of PostgreSQL: a file is one process's.");
  }
  if (redisUrl === undefined && role !== undefined && role !== 'all') {
    throw new Error(`AgentModule: role ${role} needs a redisUrl, by which the others hear of its work.`);
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
    throw new Error('AgentModule: fallbacks need a model that may fail; the offline model does not.');
  }
  if (fallbacks.length > MAX_FALLBACKS) {
    throw new Error(`AgentModule: fallbacks must be ${MAX_FALLBACKS} models at most, not ${fallbacks.length}.`);
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
    if (date && Number.isNaN(date.getTime())) throw new Error('AgentModule: apiV1 has a date that is none.');
  }
  if (deprecatedAt && sunsetAt && sunsetAt < deprecatedAt) {
    throw new Error('AgentModule: apiV1.sunsetAt must not be before apiV1.deprecatedAt.');
  }
  return { deprecatedAt, sunsetAt };
}

/** The secret is not shown: this goes into logs. */
function checkedSecret(secret: string | undefined): string | undefined {
  if (secret === undefined || WEBHOOK_SECRET.test(secret)) return secret;
  throw new Error('AgentModule: webhooks.secret must be whsec_ and base64 of 24 to 64 bytes.');
}

function checkedReleases(releases: ReleaseOptions | undefined): ReleaseOptions | undefined {
  if (releases?.flagdUrl === undefined || releases.provider === undefined) return releases;
  throw new Error('AgentModule: the flags of releases come from flagdUrl or from provider, not from both.');
}

export type CompletedOptions = ReturnType<typeof completed>;
