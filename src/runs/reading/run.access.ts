import { isPersonal, type Owner, type Principal } from '../../auth/principal.js';
import { hasScope } from '../../auth/scopes.js';
import type { RunRow } from '../run.row.js';

/**
 * The runs that a caller may read: those of a tenant, and fewer with each further field.
 *
 * @example
 * import type { RunAccess } from 'rookery';
 *
 * const access: RunAccess = { tenant: 'acme', endUser: 'ada', excludesTasks: true };
 * const { items } = await runs.list({ status: 'failed' }, access);
 */
export interface RunAccess extends Owner {
  /** Only the runs of the principal with this id. Default: those of all. */
  readonly caller?: string | undefined;
  /** True: no tasks. Default: false. */
  readonly excludesTasks?: boolean | undefined;
}

/**
 * The runs that a principal may read over the API. Without `sessions:read` these are its own; without `tasks` they
 * include no task. If it acts for an end user, they are all of that end user.
 */
export function accessOf(principal: Principal): RunAccess {
  const { tenant, endUser, id } = principal;
  const caller = hasScope(principal, 'sessions:read') ? undefined : id;
  return { tenant, endUser, caller, excludesTasks: !hasScope(principal, 'tasks') };
}

/**
 * The owner of the runs about whose tool calls a principal may decide. The scope `approvals` in the token of an end user
 * reaches the runs of their colleagues. A key that acts for an end user reaches only theirs.
 */
export function decidableBy(principal: Principal): Owner {
  const { tenant, endUser } = principal;
  const isForAll = isPersonal(principal) && hasScope(principal, 'approvals');
  return { tenant, endUser: isForAll ? undefined : endUser };
}

/** True if a run of the tenant is among those that may be read. */
export function isReadable(
  { kind, caller, end_user }: Pick<RunRow, 'kind' | 'caller' | 'end_user'>,
  access: Omit<RunAccess, 'tenant'>,
): boolean {
  if (access.endUser !== undefined && access.endUser !== end_user) return false;
  if (access.caller !== undefined && access.caller !== caller) return false;
  return kind !== 'task' || access.excludesTasks !== true;
}
