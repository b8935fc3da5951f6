import type { AuditDetails } from '../audit/audit.entry.js';
import { scopesAmong } from '../auth/scopes.js';
import { toNanoUsd } from '../storage/money.js';
import type { KeyChanges, KeyLimits } from './key.input.js';

/** The columns of the given properties; undefined for the others. */
export function columnsOf(changes: KeyChanges) {
  const { name, scopes, expiresAt, requestsPerMinute, tokensPerMonth, costPerMonth, endUser } = changes;
  return {
    name,
    scopes: scopes && scopesAmong(scopes).join(' '),
    expires_at: expiresAt && expiresAt.getTime(),
    requests_per_minute: requestsPerMinute,
    tokens_per_month: tokensPerMonth,
    cost_per_month: typeof costPerMonth === 'number' ? toNanoUsd(costPerMonth) : costPerMonth,
    end_user: endUser,
    agent_roles: changes.agentRoles && JSON.stringify(changes.agentRoles),
    models: changes.models && JSON.stringify(changes.models),
    ip_ranges: changes.ipRanges && JSON.stringify(changes.ipRanges),
  };
}

/** The columns of the limits of a new key. */
export function newColumnsOf(limits: KeyLimits) {
  const { expires_at = null, requests_per_minute = null, tokens_per_month = null, ...columns } = columnsOf(limits);
  const { cost_per_month = null, end_user = null, agent_roles = null, models = null, ip_ranges = null } = columns;
  return {
    expires_at,
    requests_per_minute,
    tokens_per_month,
    cost_per_month,
    end_user,
    agent_roles,
    models,
    ip_ranges,
  };
}

/** The given properties for the audit, by their names in the API. A removed limit is `none`. */
export function auditDetailsOf(changes: KeyChanges): AuditDetails {
  const { name, scopes, expiresAt, requestsPerMinute, tokensPerMonth, costPerMonth, endUser } = changes;
  const properties = {
    name,
    scopes: scopes && scopesAmong(scopes),
    expires_at: expiresAt && expiresAt.toISOString(),
    requests_per_minute: requestsPerMinute,
    tokens_per_month: tokensPerMonth,
    cost_per_month: costPerMonth,
    end_user: endUser,
    agent_roles: changes.agentRoles,
    models: changes.models,
    ip_ranges: changes.ipRanges,
  };
  return Object.fromEntries(
    Object.entries(properties).flatMap(([field, value]) => (value === undefined ? [] : [[field, value ?? 'none']])),
  );
}
