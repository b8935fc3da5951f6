import { END_USER_RULES } from '../auth/key.rules.js';
import { isIpRange } from '../auth/ip.ranges.js';
import { TENANT } from '../auth/principal.js';
import { SCOPES } from '../auth/scopes.js';
import { invalidField } from '../errors/agent.error.js';
import { TENANT_RULE } from '../http/tenant.query.js';
import type { KeyChanges } from './key.input.js';
import type { KeyLifetimes } from './keys.options.js';

const DAY_MS = 86_400_000;
/** Allowed difference of clocks, for a time that a caller has computed. */
const TOLERANCE_MS = 60_000;
const MAX_ITEMS = 100;
const MAX_ROLE_LENGTH = 64;
const MAX_MODEL_LENGTH = 256;

type Rule = readonly [field: string, isValid: boolean, rule: string];

/**
 * Validates the properties of a key. The HTTP layer has the same rules, but the command line and host code do not pass
 * through it.
 *
 * @throws AgentError `validation_failed`
 */
export function requireValid({ tenant, ...changes }: KeyChanges & { readonly tenant?: string }): void {
  const { name, scopes, expiresAt, costPerMonth, endUser } = changes;
  const areScopes = !scopes || (scopes.length > 0 && scopes.every((scope) => SCOPES.includes(scope)));
  const isCost =
    costPerMonth === undefined || costPerMonth === null || (costPerMonth >= 0.01 && costPerMonth <= 1_000_000);
  const rules: readonly Rule[] = [
    ['name', name === undefined || (name !== '' && name.length <= 128), 'must be 1–128 characters'],
    ['tenant', tenant === undefined || TENANT.test(tenant), TENANT_RULE],
    ['scopes', areScopes, `must be one or more of ${SCOPES.join(', ')}`],
    ['expires_at', !expiresAt || expiresAt.getTime() > Date.now(), 'must be in the future'],
    countRule('requests_per_minute', changes.requestsPerMinute, 1_000_000),
    countRule('tokens_per_month', changes.tokensPerMonth, Number.MAX_SAFE_INTEGER),
    ['cost_per_month', isCost, 'must be US dollars from 0.01 to 1000000'],
    ['end_user', !endUser || END_USER_RULES.includes(endUser), `must be ${END_USER_RULES.join(' or ')}`],
    listRule('agent_roles', changes.agentRoles, isRole, 'roles'),
    listRule('models', changes.models, isModelName, 'names of models'),
    listRule('ip_ranges', changes.ipRanges, isIpRange, 'IP addresses or ranges, such as 203.0.113.0/24'),
  ];
  for (const [field, isValid, rule] of rules) if (!isValid) throw invalidField(field, `${field} ${rule}`);
}

/** When a new key expires; undefined: never. @throws AgentError `validation_failed` if that is too late. */
export function expiryOf(given: Date | undefined, { ttlDays, maxDays }: KeyLifetimes): Date | undefined {
  const now = Date.now();
  const days = ttlDays ?? maxDays;
  const expiresAt = given ?? (days === undefined ? undefined : new Date(now + days * DAY_MS));
  requireLifetime(expiresAt, now, maxDays);
  return expiresAt;
}

/** @throws AgentError `validation_failed` if the key would live longer than `maxDays` after its creation. */
export function requireLifetime(expiresAt: Date | undefined, createdAtMs: number, maxDays: number | undefined): void {
  if (maxDays === undefined) return;
  const latestMs = createdAtMs + maxDays * DAY_MS + TOLERANCE_MS;
  if (expiresAt !== undefined && expiresAt.getTime() <= latestMs) return;
  throw invalidField('expires_at', `expires_at must be within ${maxDays} days of the creation of the key`);
}

function countRule(field: string, count: number | null | undefined, most: number): Rule {
  const isValid = count === undefined || count === null || (Number.isInteger(count) && count >= 1 && count <= most);
  return [field, isValid, `must be a whole number from 1 to ${most}`];
}

function listRule(
  field: string,
  items: readonly string[] | null | undefined,
  isItem: (item: string) => boolean,
  what: string,
): Rule {
  const isValid = !items || (items.length > 0 && items.length <= MAX_ITEMS && items.every(isItem));
  return [field, isValid, `must be a list of 1 to ${MAX_ITEMS} ${what}`];
}

/** True for text that may be the role of an agent. */
export function isRole(text: string): boolean {
  return isText(text, MAX_ROLE_LENGTH);
}

/** True for text that may be the name of a model. */
export function isModelName(text: string): boolean {
  return isText(text, MAX_MODEL_LENGTH);
}

function isText(text: string, maxLength: number): boolean {
  return text !== '' && text.length <= maxLength && text.isWellFormed() && !text.includes('\0');
}
