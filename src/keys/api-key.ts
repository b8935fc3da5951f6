import type { ApiKeyRow } from '../auth/api-key.cache.js';
import { type EndUserRule, endUserRuleOf, storedList } from '../auth/key.rules.js';
import { type Scope, scopesAmong } from '../auth/scopes.js';
import { toUsd } from '../storage/money.js';

/** A key as administrators see it, without its secret. */
export interface ApiKey {
  /** Identifies the key in routes, logs and limits: `key:<key_id>` is the id of its principal. */
  readonly key_id: string;
  /** The label of the key: its owner or purpose. */
  readonly name: string;
  /** The tenant that the key acts for. */
  readonly tenant: string;
  /** The permissions of the key. */
  readonly scopes: readonly Scope[];
  /** Absent: the limit of `rateLimit` applies. */
  readonly requests_per_minute?: number;
  /** Input and output tokens in a calendar month, UTC. Absent: no limit. */
  readonly tokens_per_month?: number;
  /** US dollars in a calendar month, UTC. Absent: no limit. */
  readonly cost_per_month?: number;
  /** Whether each call must name an end user. Absent: as the option `requireEndUser` says. */
  readonly end_user?: EndUserRule;
  /** The roles of the agents that it may run. Absent: all. */
  readonly agent_roles?: readonly string[];
  /** The models whose agents it may run. Absent: all. */
  readonly models?: readonly string[];
  /** The addresses and networks of its callers. Absent: any address. */
  readonly ip_ranges?: readonly string[];
  /** ISO 8601, UTC. */
  readonly created_at: string;
  /** The id of the principal that created it. */
  readonly created_by: string;
  /** ISO 8601, UTC. Absent: the key does not expire. */
  readonly expires_at?: string;
  /** ISO 8601, UTC. Absent: the key is not revoked. */
  readonly revoked_at?: string;
  /** ISO 8601, UTC, accurate to one minute. Absent: the key was never used. */
  readonly last_used_at?: string;
}

/** A new key. Only this object contains its plain text. */
export interface CreatedApiKey extends ApiKey {
  /** The plain text, `rookery_…`, which callers send. It cannot be read again. */
  readonly key: string;
}

export function toApiKey(row: ApiKeyRow): ApiKey {
  const { requests_per_minute, tokens_per_month, cost_per_month, expires_at, revoked_at, last_used_at } = row;
  const endUser = endUserRuleOf(row.end_user);
  const agentRoles = storedList(row.agent_roles, 'agent_roles');
  const models = storedList(row.models, 'models');
  const ipRanges = storedList(row.ip_ranges, 'ip_ranges');
  return {
    key_id: row.key_id,
    name: row.name,
    tenant: row.tenant,
    scopes: scopesAmong(row.scopes.split(' ')),
    ...(requests_per_minute === null ? {} : { requests_per_minute }),
    ...(tokens_per_month === null ? {} : { tokens_per_month }),
    ...(cost_per_month === null ? {} : { cost_per_month: toUsd(cost_per_month) }),
    ...(endUser === undefined ? {} : { end_user: endUser }),
    ...(agentRoles === undefined ? {} : { agent_roles: agentRoles }),
    ...(models === undefined ? {} : { models }),
    ...(ipRanges === undefined ? {} : { ip_ranges: ipRanges }),
    created_at: toIso(row.created_at),
    created_by: row.created_by,
    ...(expires_at === null ? {} : { expires_at: toIso(expires_at) }),
    ...(revoked_at === null ? {} : { revoked_at: toIso(revoked_at) }),
    ...(last_used_at === null ? {} : { last_used_at: toIso(last_used_at) }),
  };
}

function toIso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
