import { isArrayOf, isString } from '../json/json.object.js';
import { readStoredJson } from '../json/stored.json.js';
import { invalidField } from '../errors/agent.error.js';
import type { ApiKeyTable } from '../storage/tables/key.schema.js';
import { type AuthFailure, authRefusal } from './auth.failure.js';
import type { Credentials } from './authenticator.js';
import type { CallerAccess } from './principal.js';
import { IpRanges } from './ip.ranges.js';
import { type Scope, scopesAmong } from './scopes.js';

/** Whether each call must name an end user. */
export const END_USER_RULES = ['required', 'optional'] as const;

/** `required`: each call with the key must name an end user. `optional`: calls may concern the whole tenant. */
export type EndUserRule = (typeof END_USER_RULES)[number];

/** Scopes that reach the data of end users. */
const REACH_END_USERS: readonly Scope[] = ['chat', 'tasks', 'sessions:read', 'sessions:write'];

type RuleColumns = Pick<ApiKeyTable, 'scopes' | 'end_user' | 'agent_roles' | 'models' | 'ip_ranges'>;

/** The rules of a key beyond its scopes. */
export interface KeyRules {
  readonly endUser: EndUserRule | undefined;
  /** True if the setting that demands an end user concerns the key. */
  readonly reachesEndUsers: boolean;
  /** Undefined: from any address. */
  readonly ipRanges: IpRanges | undefined;
}

export function keyRulesOf({ scopes, end_user, ip_ranges }: RuleColumns): KeyRules {
  const granted = scopesAmong(scopes.split(' '));
  const ranges = storedList(ip_ranges, 'ip_ranges');
  return {
    endUser: endUserRuleOf(end_user),
    // Operators act for all tenants, so their calls concern no end user.
    reachesEndUsers: !granted.includes('admin') && REACH_END_USERS.some((scope) => granted.includes(scope)),
    ipRanges: ranges && new IpRanges(ranges),
  };
}

export function endUserRuleOf(stored: string | null): EndUserRule | undefined {
  return END_USER_RULES.find((rule) => rule === stored);
}

/** The agents and models that the key may run; undefined: all. */
export function accessOf({ agent_roles, models }: RuleColumns): CallerAccess | undefined {
  if (agent_roles === null && models === null) return undefined;
  return { agentRoles: storedList(agent_roles, 'agent_roles'), models: storedList(models, 'models') };
}

/** A list in a column of a key; undefined: the key has no such limit. */
export function storedList(text: string | null, column: 'agent_roles' | 'models' | 'ip_ranges'): string[] | undefined {
  return text === null ? undefined : readStoredJson(text, `api_keys.${column}`, isStrings);
}

const isStrings = isArrayOf(isString);

/** @throws AgentError `forbidden` if the key may not be used from that address. */
export function assertAddress({ ipRanges }: KeyRules, { address }: Credentials, key: AuthFailure['key']): void {
  if (ipRanges?.includes(address) === false) {
    throw authRefusal({ reason: 'address', key }, 'This API key may not be used from this address.');
  }
}

/** @throws AgentError `validation_failed` if the call must name an end user. */
export function assertEndUser(rules: KeyRules, endUser: string | undefined, isDefault: boolean): void {
  const isRequired = rules.endUser === undefined ? isDefault && rules.reachesEndUsers : rules.endUser === 'required';
  if (!isRequired || endUser !== undefined) return;
  throw invalidField('X-End-User', 'X-End-User is required with this API key: it names the end user of the call');
}
