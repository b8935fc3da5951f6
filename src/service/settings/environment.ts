import 'reflect-metadata';
import { IsIn, Matches } from 'class-validator';
import type { ModelFallback, NamedModel, PriceTable } from '../../index.js';
import { HttpSettings } from './http.settings.js';
import type { MisspeltSetting } from './misspelt.settings.js';
import { Secret } from './secret.settings.js';
import { IsHttpUrl, isHostName, IsIntFrom, IsListOf, IsNumberFrom, IsTime } from './setting.rules.js';
import { isHeader, IsRatio, type SamplerName, SAMPLERS } from './tracing.settings.js';

const DAY_SECONDS = 86_400;

/**
 * The settings, named as their environment variables. An empty variable counts as not set. Rules that an option of
 * `AgentModule` has too are only there: see `agent.settings.ts`.
 */
export class Environment extends HttpSettings {
  @Secret()
  OPENAI_API_KEY?: string;

  OPENAI_BASE_URL?: string;

  @IsIn(['responses', 'chat'])
  MODEL_API?: 'responses' | 'chat';

  @Matches(/\S/)
  AGENT_MODEL: string = 'gpt-4o';

  @IsIn(['true', 'false'])
  CHECK_MODEL: string = 'false';

  /** Parsed by `readModels`, together with the settings of its providers. */
  MODELS: string = '';

  models: Readonly<Record<string, NamedModel>> = {};

  /** Parsed by `readModels`, too. */
  FALLBACK_MODELS: string = '';

  fallbacks: readonly ModelFallback[] = [];

  /** The variables that resemble a setting. */
  misspelt: readonly MisspeltSetting[] = [];

  @IsNumberFrom(0.001, DAY_SECONDS)
  AGENT_TIMEOUT_SECONDS: number = 30;

  @IsNumberFrom(0.001, 7 * DAY_SECONDS)
  TASK_TIMEOUT_SECONDS: number = 900;

  @IsNumberFrom(0.001, DAY_SECONDS)
  REQUEST_TIMEOUT_SECONDS: number = 30;

  @IsIntFrom(1, 10_000)
  TASK_CONCURRENCY: number = 100;

  @IsIntFrom(1)
  TASK_CONCURRENCY_PER_CALLER?: number;

  @IsNumberFrom(0, 36_500 * 24)
  APPROVAL_TIMEOUT_HOURS: number = 168;

  @IsNumberFrom(0, 36_500 * 24 * 60)
  OPEN_CALLS_TIMEOUT_MINUTES: number = 60;

  @IsIn(['true', 'false'])
  REQUIRE_APPROVALS_SCOPE: string = 'false';

  @IsIntFrom(0)
  MAX_QUEUED_TASKS: number = 1000;

  @IsIntFrom(0)
  MAX_SESSIONS_PER_TENANT: number = 0;

  @IsIntFrom(0)
  MAX_STORAGE_MB_PER_TENANT: number = 0;

  @IsNumberFrom(0, 36_500)
  RUN_TTL_DAYS: number = 30;

  @IsNumberFrom(0, 36_500)
  SESSION_TTL_DAYS?: number;

  @IsIn(['all', 'http', 'worker'])
  PROCESS_ROLE: 'all' | 'http' | 'worker' = 'all';

  @IsNumberFrom(0, DAY_SECONDS)
  STREAM_GRACE_SECONDS: number = 10;

  @IsIn(['off', 'data', 'https'])
  IMAGE_URLS?: 'off' | 'data' | 'https';

  @IsListOf(isHostName, 'host names without port, such as cdn.example.com')
  IMAGE_HOSTS: string = '';

  @IsIn(['reject', 'queue', 'interrupt'])
  SESSION_POLICY: 'reject' | 'queue' | 'interrupt' = 'reject';

  @Secret()
  DATABASE_URL: string = 'file:./data/rookery.db';

  @Secret()
  REDIS_URL?: string;

  REDIS_PREFIX?: string;

  @IsIntFrom(0)
  RATE_LIMIT_REQUESTS?: number;

  @IsIntFrom(1, DAY_SECONDS)
  RATE_LIMIT_WINDOW_SECONDS: number = 60;

  @IsIntFrom(0)
  RATE_LIMIT_TOKENS: number = 0;

  @IsIntFrom(0)
  TENANT_RATE_LIMIT_REQUESTS: number = 0;

  @IsIntFrom(0)
  TENANT_RATE_LIMIT_TOKENS: number = 0;

  /** The file with model prices. */
  @Matches(/\S/)
  PRICES_FILE?: string;

  /** The content of `PRICES_FILE`. */
  prices: PriceTable | undefined = undefined;

  @IsIntFrom(1)
  TENANT_TOKENS_PER_MONTH?: number;

  /** In US dollars. */
  @IsNumberFrom(0.01)
  TENANT_COST_PER_MONTH?: number;

  @Secret()
  BUDGET_WEBHOOK_URL?: string;

  @IsIntFrom(0)
  AUTH_FAILURE_LIMIT: number = 20;

  @IsIntFrom(1)
  MAX_CONCURRENT_RUNS: number = 1000;

  @IsIntFrom(0)
  MAX_STREAMS_PER_CALLER: number = 100;

  @IsIntFrom(0)
  HISTORY_TOKENS: number = 32_000;

  @IsIn(['true', 'false'])
  SUMMARIZE_HISTORY: string = 'false';

  @IsIntFrom(1)
  MAX_OUTPUT_TOKENS?: number;

  @IsNumberFrom(0, DAY_SECONDS)
  SHUTDOWN_TIMEOUT_SECONDS: number = 30;

  @Secret()
  WEBHOOK_SECRET?: string;

  /** Further secrets that sign webhooks. */
  @Secret()
  WEBHOOK_SECRETS: string = '';

  @IsIn(['shared', 'both', 'tenant'])
  WEBHOOK_SIGNING: 'shared' | 'both' | 'tenant' = 'shared';

  @IsIn(['true', 'false'])
  WEBHOOK_ALLOW_PRIVATE: string = 'false';

  @IsTime()
  API_V1_DEPRECATED_AT?: string;

  @IsTime()
  API_V1_SUNSET_AT?: string;

  /** The folder that the researcher agent searches. */
  @Matches(/\S/)
  DOCS_DIR?: string;

  @IsIntFrom(1, 64)
  SANDBOX_WORKERS: number = 4;

  /** 0: no limit. */
  @IsNumberFrom(0, 3600)
  SANDBOX_CPU_SECONDS: number = 60;

  /** The folder of agents in files. */
  @Matches(/\S/)
  AGENTS_DIR?: string;

  @IsIn(['true', 'false'])
  BUILTIN_AGENTS: string = 'true';

  @IsListOf((name) => /^[A-Za-z_]\w*$/.test(name), 'names of variables, such as CRM_TOKEN')
  AGENTS_SECRETS: string = '';

  /** The values of `AGENTS_SECRETS` by name. */
  agentSecrets: ReadonlyMap<string, string> = new Map();

  @IsIn(['true', 'false'])
  ALLOW_STDIO_MCP: string = 'false';

  /** The folder of releases and of the flags that select them. */
  @Matches(/\S/)
  RELEASES_DIR?: string;

  /** A flagd server that provides the flags instead of the folder. */
  FLAGD_URL?: string;

  @IsHttpUrl()
  OTEL_EXPORTER_OTLP_ENDPOINT?: string;

  @Secret()
  @IsListOf(isHeader, 'headers, as in <name>=<value>')
  OTEL_EXPORTER_OTLP_HEADERS: string = '';

  @Matches(/\S/)
  OTEL_SERVICE_NAME: string = 'rookery';

  @IsIn(SAMPLERS)
  OTEL_TRACES_SAMPLER: SamplerName = 'parentbased_traceidratio';

  @IsRatio()
  OTEL_TRACES_SAMPLER_ARG: number = 1;

  @IsIn(['true', 'false'])
  OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: string = 'false';

  @IsIn(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
  LOG_LEVEL: string = 'info';

  /** Not set: `pretty` on a terminal. */
  @IsIn(['pretty', 'json'])
  LOG_FORMAT?: 'pretty' | 'json';

  @IsIn(['true', 'false'])
  LOG_ADDRESSES: string = 'true';

  /** A worker has no routes for people. */
  get servesStudio(): boolean {
    return this.hasStudio && this.PROCESS_ROLE !== 'worker';
  }

  get isModelChecked(): boolean {
    return this.CHECK_MODEL === 'true';
  }

  get areBuiltInAgentsOffered(): boolean {
    return this.BUILTIN_AGENTS === 'true';
  }

  get isStdioMcpAllowed(): boolean {
    return this.ALLOW_STDIO_MCP === 'true';
  }

  /** The only names of models that agents may use; undefined: any name. */
  get modelNames(): readonly string[] | undefined {
    const names = Object.keys(this.models);
    const hasProvider = this.OPENAI_API_KEY !== undefined || this.OPENAI_BASE_URL !== undefined;
    return hasProvider || names.length === 0 ? undefined : names;
  }

  get areAddressesLogged(): boolean {
    return this.LOG_ADDRESSES === 'true';
  }

  get arePrivateWebhooksAllowed(): boolean {
    return this.WEBHOOK_ALLOW_PRIVATE === 'true';
  }

  get isApprovalsScopeRequired(): boolean {
    return this.REQUIRE_APPROVALS_SCOPE === 'true';
  }

  get isContentCaptured(): boolean {
    return this.OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT === 'true';
  }

  get isHistorySummarized(): boolean {
    return this.SUMMARIZE_HISTORY === 'true';
  }
}
