import type { LanguageModel } from './models/language.model.js';
import type { ModelProviderOptions } from './models/model.factory.js';

/** What a host may choose. Every field has a default. */
export interface AgentModuleOptions {
  /**
   * Your own LanguageModel, or a provider. Default, and for a provider with neither key nor base URL: the
   * built-in offline model.
   */
  readonly model?: LanguageModel | ModelProviderOptions | undefined;
  /** The model of agents that name none. Default: gpt-4o. */
  readonly defaultModel?: string | undefined;
  /**
   * `file:<path>` of an SQLite database, or `postgres://<user>:<password>@<host>/<database>`, which needs the package
   * `pg`. One database serves one process. Default: file:./data/rookery.db.
   */
  readonly databaseUrl?: string | undefined;
  /** Longest run, in milliseconds. Default: 30 000. */
  readonly timeoutMs?: number | undefined;
  /** Tokens of earlier turns that are sent to the model. Default: 32 000. */
  readonly historyTokens?: number | undefined;
  /** Cap on the tokens of an answer. Default: the model's own. */
  readonly maxOutputTokens?: number | undefined;
  /** Runs at once; beyond it callers get `overloaded`. Default: 1000. */
  readonly maxConcurrentRuns?: number | undefined;
  /** Requests per caller and window; 0 requests: no limit. Default: 60 in 60 seconds. */
  readonly rateLimit?: { readonly requests: number; readonly windowSeconds: number } | undefined;
  /** How long runs may go on after the application was told to stop, in milliseconds. Default: 30 000. */
  readonly shutdownTimeoutMs?: number | undefined;
}

/** Timers cannot be set further ahead. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * The options with every default filled in.
 *
 * @throws Error that names an option that is out of bounds.
 */
export function completed(options: AgentModuleOptions) {
  const { rateLimit = { requests: 60, windowSeconds: 60 } } = options;
  return {
    model: options.model ?? {},
    defaultModel: options.defaultModel ?? 'gpt-4o',
    databaseUrl: options.databaseUrl ?? 'file:./data/rookery.db',
    timeoutMs: within('timeoutMs', options.timeoutMs ?? 30_000, 1, LONGEST_MS),
    historyTokens: within('historyTokens', options.historyTokens ?? 32_000, 0),
    maxOutputTokens:
      options.maxOutputTokens === undefined ? undefined : within('maxOutputTokens', options.maxOutputTokens, 1),
    maxConcurrentRuns: within('maxConcurrentRuns', options.maxConcurrentRuns ?? 1000, 1),
    rateLimit: {
      requests: within('rateLimit.requests', rateLimit.requests, 0),
      windowSeconds: within('rateLimit.windowSeconds', rateLimit.windowSeconds, 1, LONGEST_MS / 1000),
    },
    shutdownTimeoutMs: within('shutdownTimeoutMs', options.shutdownTimeoutMs ?? 30_000, 0, LONGEST_MS),
  };
}

function within(name: string, value: number, least: number, most = Number.MAX_SAFE_INTEGER): number {
  if (value >= least && value <= most) return value;
  throw new Error(`AgentModule: ${name} must be from ${least} to ${most}, not ${value}.`);
}

export type CompletedOptions = ReturnType<typeof completed>;
