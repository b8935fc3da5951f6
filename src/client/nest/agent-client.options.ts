import type { RookeryClientOptions } from '../client.options.js';

/** The options of the client, and what only a Nest application has. */
export interface AgentClientModuleOptions extends RookeryClientOptions {
  /**
   * Whether calls carry the W3C trace context of what is under way, as `@opentelemetry/api` has it. Leave it out where an
   * instrumentation of `fetch` does so already. Default: false.
   */
  readonly traceContext?: boolean | undefined;
}

/** Timers cannot be set further ahead. */
const LONGEST_MS = 2 ** 31 - 1;

/** What is wrong with a value; undefined where nothing is. Values are not shown: some are secrets. */
type Rule = (value: unknown) => string | undefined;

const RULES: Record<keyof AgentClientModuleOptions, Rule> = {
  baseUrl: urlRule,
  apiKey: secretRule,
  token: secretRule,
  endUser: textRule,
  fetch: (value) => (typeof value === 'function' ? undefined : 'must be a function as fetch is one'),
  timeoutMs: (value) => wholeRule(value, 1, LONGEST_MS),
  maxRetries: (value) => wholeRule(value, 0, 100),
  signal: (value) => (value instanceof AbortSignal ? undefined : 'must be an AbortSignal'),
  traceContext: (value) => (typeof value === 'boolean' ? undefined : 'must be true or false'),
};

/**
 * The options as they were given.
 *
 * @throws Error that names all that are wrong, and which client it is of.
 */
export function checked(options: AgentClientModuleOptions, name: string | undefined): AgentClientModuleOptions {
  const faults = [...faultsOf(options)];
  if (faults.length === 0) return options;
  const which = name === undefined ? '' : ` "${name}"`;
  throw new Error(`AgentClientModule${which}: ${faults.join('; ')}.`);
}

function* faultsOf(options: unknown): Generator<string> {
  if (typeof options !== 'object' || options === null) return yield 'there are no options';
  const given = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined));
  if (!given.has('baseUrl')) yield 'baseUrl is missing';
  if (given.has('apiKey') && given.has('token')) yield 'apiKey and token: one of them is enough';
  const rules = new Map<string, Rule>(Object.entries(RULES));
  for (const [option, value] of given) {
    const rule = rules.get(option);
    const fault = rule === undefined ? `is no option; there are ${[...rules.keys()].join(', ')}` : rule(value);
    if (fault !== undefined) yield `${option} ${fault}`;
  }
}

function urlRule(value: unknown): string | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return 'must be a URL of http or https';
  if (url.username !== '' || url.password !== '') return 'must have no credentials; give an apiKey or a token';
  if (url.search !== '' || url.hash !== '') return 'must end before any "?" and "#"';
  return /\/api(\/v\d+.*)?\/*$/.test(url.pathname) ? 'must be without /api' : undefined;
}

function secretRule(value: unknown): string | undefined {
  return typeof value === 'function' ? undefined : textRule(value);
}

function textRule(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a text that is not empty';
}

function wholeRule(value: unknown, least: number, most: number): string | undefined {
  const isWithin = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return isWithin ? undefined : `must be a whole number from ${least} to ${most}`;
}
