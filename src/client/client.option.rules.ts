import type { RookeryClientOptions } from './client.options.js';

/** The longest delay that a timer accepts. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/** Returns why a value is invalid; undefined if it is valid. The text omits the value, which may be secret. */
export type Rule = (value: unknown) => string | undefined;

const RULES: Record<keyof RookeryClientOptions, Rule> = {
  baseUrl: urlRule,
  apiKey: secretRule,
  token: secretRule,
  endUser: textRule,
  fetch: (value) => (typeof value === 'function' ? undefined : 'must be a function like fetch'),
  timeoutMs: (value) => wholeRule(value, 1, MAX_TIMEOUT_MS),
  maxRetries: (value) => wholeRule(value, 0, 100),
  signal: (value) => (value instanceof AbortSignal ? undefined : 'must be an AbortSignal'),
};

/** Finds every invalid option. `further` has the rules of options that only the caller has. */
export function* optionFaults(options: unknown, further: Readonly<Record<string, Rule>> = {}): Generator<string> {
  if (typeof options !== 'object' || options === null) {
    yield 'the options are missing';
    return;
  }
  const entries: [string, unknown][] = Object.entries(options);
  const given = new Map(entries.filter(([, value]) => value !== undefined));
  if (!given.has('baseUrl')) yield 'baseUrl is missing';
  if (given.has('apiKey') && given.has('token')) yield 'set either apiKey or token, not both';
  const rules = new Map<string, Rule>(Object.entries({ ...RULES, ...further }));
  for (const [option, value] of given) {
    const rule = rules.get(option);
    const fault =
      rule === undefined ? `is not an option; the options are ${[...rules.keys()].join(', ')}` : rule(value);
    if (fault !== undefined) yield `${option} ${fault}`;
  }
}

function urlRule(value: unknown): string | undefined {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null || !/^https?:$/.test(url.protocol)) return 'must be an http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not contain credentials; set apiKey or token';
  if (url.search !== '' || url.hash !== '') return 'must not contain "?" or "#"';
  return /\/api(\/v\d+.*)?\/*$/.test(url.pathname) ? 'must not include /api' : undefined;
}

function secretRule(value: unknown): string | undefined {
  return typeof value === 'function' ? undefined : textRule(value);
}

function textRule(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? undefined : 'must be a non-empty string';
}

function wholeRule(value: unknown, least: number, most: number): string | undefined {
  const isWithin = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return isWithin ? undefined : `must be a whole number from ${least} to ${most}`;
}
