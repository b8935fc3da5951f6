import type { Environment } from '../settings/environment.js';
import { listOf } from '../settings/text.list.js';

/** The facts of a service that has started, for its operator. They have no secrets. */
export interface StartFacts {
  readonly url: string;
  /** Undefined for a worker, which has no API. */
  readonly docs: string | undefined;
  /** Undefined if it is off. */
  readonly studio: string | undefined;
  readonly model: string;
  /** The host of the provider; undefined: the offline model. */
  readonly provider: string | undefined;
  readonly database: string;
  readonly auth_mode: string;
}

/** Describes a started service. */
export function startFacts(environment: Environment, url: string): StartFacts {
  const { OPENAI_API_KEY: key, OPENAI_BASE_URL: baseUrl, AGENT_MODEL, PROCESS_ROLE, models } = environment;
  const own = baseUrl ?? (key === undefined ? undefined : 'https://api.openai.com/v1');
  const named = Object.hasOwn(models, AGENT_MODEL) ? models[AGENT_MODEL]?.provider : undefined;
  const address = named !== undefined && 'baseUrl' in named ? (named.baseUrl ?? own) : own;
  return {
    url,
    docs: PROCESS_ROLE === 'worker' ? undefined : `${url}/docs`,
    studio: environment.servesStudio ? `${url}/studio` : undefined,
    model: address === undefined ? 'offline' : AGENT_MODEL,
    provider: address === undefined ? undefined : URL.parse(address)?.host,
    database: databaseOf(environment.DATABASE_URL),
    auth_mode: environment.AUTH_MODE,
  };
}

/** Describes a database by its URL, without user and password. */
export function databaseOf(databaseUrl: string): string {
  if (databaseUrl.startsWith('file:')) return `SQLite ${databaseUrl.slice('file:'.length)}`;
  const url = URL.parse(databaseUrl);
  return url === null ? 'PostgreSQL' : `PostgreSQL ${url.host}${url.pathname}`;
}

/** The facts as the first text on a terminal. */
export function banner(facts: StartFacts, version: string, environment: Environment): string {
  const model =
    facts.provider === undefined
      ? 'offline model: set OPENAI_API_KEY, or OPENAI_BASE_URL for your own provider'
      : `${facts.model} at ${facts.provider}`;
  const rows: readonly (readonly [string, string])[] = [
    ['URL', facts.url],
    ...(facts.studio === undefined ? [] : [['Studio', facts.studio] as const]),
    ...(facts.docs === undefined ? [] : [['Docs', facts.docs] as const]),
    ['Model', model],
    ['Database', facts.database],
    ['Authentication', authenticationOf(environment)],
  ];
  const lines = rows.map(([name, value]) => `  ${name.padEnd('Authentication'.length)}  ${value}`);
  return `\n  Rookery ${version}\n\n${lines.join('\n')}\n\n  Ctrl+C stops the service.\n\n`;
}

function authenticationOf({ AUTH_MODE, isForThisMachine, ALLOWED_HOSTS }: Environment): string {
  if (AUTH_MODE !== 'none') return AUTH_MODE;
  if (isForThisMachine) return 'none: every program of this machine may call';
  const hosts = listOf(ALLOWED_HOSTS).length === 0 ? '' : `, as ${ALLOWED_HOSTS}`;
  return `none: everyone who reaches the service may call it${hosts}`;
}
