import type { AuthOptions } from './auth/authenticator.factory.js';
import type { ApiLifecycleOptions } from './http/api.lifecycle.js';
import type { LanguageModel } from './models/language.model.js';
import type { ModelFallback, ModelProviderOptions, NamedModel } from './models/model.factory.js';
import type { ReleaseOptions } from './releases/releases.options.js';
import type { ImagePolicy, SessionPolicy } from './runs/runs.options.js';
import type { PriceTable } from './usage/prices.js';

/**
 * How the outcome of background runs is posted to their `webhook_url`.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * AgentModule.forRoot({ webhooks: { secret: process.env.WEBHOOK_SECRET, allowPrivate: false } });
 */
export interface WebhookOptions {
  /** `whsec_` and base64 of 24 to 64 bytes. Signs each post. Without it a `webhook_url` is refused. */
  readonly secret?: string | undefined;
  /** Further secrets of the same form, at most 10 with `secret`: each adds a signature, so that receivers can change. */
  readonly secrets?: readonly string[] | undefined;
  /**
   * `shared`: these secrets sign. `tenant`: secrets of each tenant sign, which are derived from them. A receiver with
   * the secret of its tenant cannot sign for others. `both`: both sign, until all receivers have theirs. Warnings of
   * budgets are always signed by the shared ones. Default: `shared`.
   */
  readonly signing?: 'shared' | 'both' | 'tenant' | undefined;
  /** Also allows http, private networks and this machine as targets. Default: false. */
  readonly allowPrivate?: boolean | undefined;
}

/**
 * Limits on requests and tokens within a window. 0: no limit. A refused request gets `rate_limited` with `Retry-After`.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * // A caller may send 60 requests a minute and use 50 000 tokens; its tenant may use 200 000.
 * AgentModule.forRoot({ rateLimit: { requests: 60, windowSeconds: 60, tokens: 50_000, tenantTokens: 200_000 } });
 */
export interface RateLimitOptions {
  /** Maximum requests of one caller in a window. */
  readonly requests: number;
  /** Length of the window, in seconds: 1 to 2 147 483. */
  readonly windowSeconds: number;
  /** Maximum tokens of one caller's runs in a window. Default: 0. */
  readonly tokens?: number | undefined;
  /** Maximum requests of all callers of a tenant together. Default: 0. */
  readonly tenantRequests?: number | undefined;
  /** Maximum tokens of all runs of a tenant. Default: 0. */
  readonly tenantTokens?: number | undefined;
}

/**
 * Limits on the use of each tenant in a calendar month, UTC. A run beyond a budget gets `token_budget_exhausted`.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * AgentModule.forRoot({
 *   prices: { 'gpt-4o': { input: 2.5, cached_input: 1.25, output: 10 } },
 *   budgets: { tenantTokensPerMonth: 5_000_000, tenantCostPerMonth: 40 },
 * });
 */
export interface BudgetOptions {
  /** Input and output tokens of all runs of a tenant. Default: no limit. */
  readonly tenantTokensPerMonth?: number | undefined;
  /** In US dollars. Needs `prices`. Default: no limit. */
  readonly tenantCostPerMonth?: number | undefined;
  /** Receives a post when a tenant or API key has used 80 % and 100 % of its budget. Needs `webhooks`. */
  readonly webhookUrl?: string | undefined;
}

/**
 * The images of requests. The provider fetches those at https addresses. So the name of each host is resolved, and all
 * its addresses must be public. The provider may still follow redirects, or find other addresses later.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * AgentModule.forRoot({ images: { urls: 'https', hosts: ['cdn.example.com'] } });
 */
export interface ImageOptions {
  /**
   * `off`: no images. `data`: only `data:` URLs. `https`: also https addresses. Default: `https`, but `data` if a provider
   * has a `baseUrl` other than OpenAI's.
   */
  readonly urls?: ImagePolicy | undefined;
  /** The only hosts of https addresses. Their names are not resolved. Default: all public hosts. */
  readonly hosts?: readonly string[] | undefined;
}

/**
 * The content of spans and log lines.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * AgentModule.forRoot({ telemetry: { captureContent: true } });
 */
export interface TelemetryOptions {
  /** Records messages, instructions, and the input and output of tools in spans. Default: false. */
  readonly captureContent?: boolean | undefined;
  /** Writes the network addresses of callers on log lines. Default: true. */
  readonly logAddresses?: boolean | undefined;
}

/**
 * The options of `AgentModule`. Every field has a default. An invalid option stops the start: the error names it.
 *
 * @example
 * import { AgentModule } from 'rookery';
 *
 * AgentModule.forRoot({
 *   model: { apiKey: process.env.OPENAI_API_KEY },
 *   defaultModel: 'gpt-4o-mini',
 *   fallbacks: [{ model: 'gpt-4o' }],
 *   databaseUrl: 'postgres://app@127.0.0.1/agents',
 *   auth: 'api-key',
 *   timeoutMs: 60_000,
 * });
 */
export interface AgentModuleOptions {
  /**
   * Your own LanguageModel, or a provider. Default: the built-in offline model, also for a provider without key and
   * base URL.
   */
  readonly model?: LanguageModel | ModelProviderOptions | undefined;
  /**
   * Models by names of yours, which agents, `defaultModel`, releases and `fallbacks` may use. Any other name is a model
   * of the option `model`; if that is not set, only these names are valid. Default: none.
   */
  readonly models?: Readonly<Record<string, LanguageModel | NamedModel>> | undefined;
  /**
   * Models to try, in this order, if the agent's own model fails before the first word of its answer. Unreachable
   * models and refused calls count as failures. Default: none.
   */
  readonly fallbacks?: readonly ModelFallback[] | undefined;
  /**
   * Whether failures show callers which option of the provider may be wrong, and the error code of the provider. The log
   * always does. For an application that only its developer calls. Default: false.
   */
  readonly showModelHints?: boolean | undefined;
  /** The model of agents that do not name one, or its name in `models`. Default: gpt-4o. */
  readonly defaultModel?: string | undefined;
  /**
   * Whether the application's global guards, interceptors and pipes also run on tools. False: only those of the tool and
   * of its agent do. Default: true.
   */
  readonly globalEnhancersOnTools?: boolean | undefined;
  /**
   * Versions of agents by role: any text that changes with the agent, such as a digest of its source. A task keeps the
   * version of its agent, and a process with another version leaves it to the others. Default: none, any process runs it.
   */
  readonly agentVersions?: Readonly<Record<string, string>> | undefined;
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
  /**
   * Separates services that share a Redis, if their databases on different servers have the same name. Processes of one
   * service need the same. Up to 64 letters, digits, dots, dashes and underscores. Default: the name of the database.
   */
  readonly redisPrefix?: string | undefined;
  /**
   * How callers of the routes authenticate. `none`: one tenant whose callers differ by network address. An application
   * with routes must set it if `NODE_ENV` is `production`. Default: none, with a warning.
   */
  readonly auth?: AuthOptions | undefined;
  /**
   * Whether a call with a key must name an end user in `X-End-User`. Otherwise a call without it reaches all of its
   * tenant. A key may have a rule of its own. Keys of operators, and those that reach no sessions, are exempt. Default:
   * false.
   */
  readonly requireEndUser?: boolean | undefined;
  /** Days after which a new key expires unless it has a time of its own. Default: `keyMaxDays`, or never. */
  readonly keyTtlDays?: number | undefined;
  /** The longest lifetime of a new key, in days. Default: no limit. */
  readonly keyMaxDays?: number | undefined;
  /** Time limit of a run, in milliseconds. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Time limit of a background run, in milliseconds. Waiting for approvals does not count. Default: 900 000. */
  readonly taskTimeoutMs?: number | undefined;
  /**
   * Time limit of a request that does not wait for a run, in milliseconds. Then it gets `request_timeout`, unless its
   * commit has begun. Event streams, exports and erasures have no limit. Default: 30 000.
   */
  readonly requestTimeoutMs?: number | undefined;
  /** Maximum concurrent background runs in this process. Default: 100. */
  readonly taskConcurrency?: number | undefined;
  /** Maximum concurrent background runs of one caller, in all processes. Default: no limit. */
  readonly taskConcurrencyPerCaller?: number | undefined;
  /** Hours that a background run waits for a decision on a tool call, then it fails. 0: no limit. Default: 168. */
  readonly approvalTimeoutHours?: number | undefined;
  /**
   * Minutes that a session waits for the results of calls that its caller makes. Then its next run may go on without
   * them. 0: it need not wait. Default: 60.
   */
  readonly openCallsTimeoutMinutes?: number | undefined;
  /**
   * Whether only callers with the scope `approvals` may decide over the API. False: `chat` and `tasks` suffice for the
   * calls that they reach. Default: false.
   */
  readonly requireApprovalsScope?: boolean | undefined;
  /**
   * Maximum queued background runs of one caller, in all processes. Further ones get `rate_limited`. 0: no limit.
   * Default: 1000.
   */
  readonly maxQueuedTasks?: number | undefined;
  /**
   * Maximum sessions of a tenant, in all processes. Further ones get `quota_exceeded`; earlier sessions go on. Runs in
   * progress may exceed it. 0: no limit. Default: 0.
   */
  readonly maxSessionsPerTenant?: number | undefined;
  /**
   * Maximum data of a tenant in sessions, runs and events, in units of 1 000 000 bytes of text. Beyond it, new runs get
   * `quota_exceeded`. The size is measured from time to time. 0: no limit. Default: 0.
   */
  readonly maxStorageMbPerTenant?: number | undefined;
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
  /** The images that requests may have. */
  readonly images?: ImageOptions | undefined;
  /** Maximum tokens of earlier turns that are sent to the model. Default: 32 000. */
  readonly historyTokens?: number | undefined;
  /** Sends older turns as a summary, written by the agent's model. Default: false. */
  readonly summarizeHistory?: boolean | undefined;
  /** Maximum output tokens of an answer. Default: the model's own. */
  readonly maxOutputTokens?: number | undefined;
  /**
   * Maximum streams of one caller in this process: event streams, exports, sockets, and the chats and subscriptions of
   * sockets. Further ones get `rate_limited`. 0: no limit. Default: 100.
   */
  readonly maxStreamsPerCaller?: number | undefined;
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
