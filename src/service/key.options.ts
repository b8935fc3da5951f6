import { type Scope, scopesAmong } from '../auth/scopes.js';
import type { EndUserRule, KeyChanges, KeyLimits } from '../index.js';
import { UsageError, wholeNumber } from './command.line.js';
import { listOf } from './settings/text.list.js';

/** The options of the command line that describe a key. An empty value removes a limit. */
export const KEY_OPTIONS = {
  name: { type: 'string' },
  tenant: { type: 'string' },
  scopes: { type: 'string' },
  expires: { type: 'string' },
  'requests-per-minute': { type: 'string' },
  'tokens-per-month': { type: 'string' },
  'cost-per-month': { type: 'string' },
  'end-user': { type: 'string' },
  agents: { type: 'string' },
  models: { type: 'string' },
  'ip-ranges': { type: 'string' },
} as const;

/** The values of the options. */
export type KeyValues = Readonly<Partial<Record<keyof typeof KEY_OPTIONS, string>>>;

type LimitChanges = Pick<KeyChanges, keyof KeyLimits>;

const UNITS_MS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The limits of a key; null: none. @throws UsageError */
export function limitChangesOf(values: KeyValues): LimitChanges {
  return {
    expiresAt: parsed(values.expires, (text) => new Date(Date.now() + durationMs(text))),
    requestsPerMinute: parsed(values['requests-per-minute'], wholeNumber),
    tokensPerMonth: parsed(values['tokens-per-month'], wholeNumber),
    costPerMonth: parsed(values['cost-per-month'], usd),
    endUser: parsed(values['end-user'], endUserRule),
    agentRoles: parsed(values.agents, listOf),
    models: parsed(values.models, listOf),
    ipRanges: parsed(values['ip-ranges'], listOf),
  };
}

/** The limits of a new key. @throws UsageError */
export function limitsOf(values: KeyValues): KeyLimits {
  const limits = limitChangesOf(values);
  return {
    expiresAt: limits.expiresAt ?? undefined,
    requestsPerMinute: limits.requestsPerMinute ?? undefined,
    tokensPerMonth: limits.tokensPerMonth ?? undefined,
    costPerMonth: limits.costPerMonth ?? undefined,
    endUser: limits.endUser ?? undefined,
    agentRoles: limits.agentRoles ?? undefined,
    models: limits.models ?? undefined,
    ipRanges: limits.ipRanges ?? undefined,
  };
}

/** @throws UsageError if a scope does not exist. */
export function scopesOf(text: string): Scope[] {
  const names = listOf(text);
  const unknown = names.find((scope) => scopesAmong([scope]).length === 0);
  if (unknown !== undefined) throw new UsageError(`The scope "${unknown}" does not exist.`);
  return scopesAmong(names);
}

/** Milliseconds of a duration such as `90d`. @throws UsageError */
export function durationMs(text: string): number {
  const [, amount, unit = ''] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  const unitMs = UNITS_MS[unit];
  if (unitMs === undefined) throw new UsageError(`"${text}" is not a duration. Use 90d, 12h, 30m or 45s.`);
  return Number(amount) * unitMs;
}

function parsed<T>(text: string | undefined, parse: (text: string) => T): T | null | undefined {
  if (text === undefined) return undefined;
  return text === '' ? null : parse(text);
}

function usd(text: string): number {
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) throw new UsageError(`"${text}" is not an amount of US dollars.`);
  return Number(text);
}

function endUserRule(text: string): EndUserRule {
  if (text === 'required' || text === 'optional') return text;
  throw new UsageError(`"${text}" is not required or optional.`);
}
