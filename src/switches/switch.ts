import type { SwitchTable } from '../storage/tables/switch.schema.js';

export const SWITCH_KINDS = ['role', 'tool', 'tenant'] as const;

/** Identifies what an operator stops: an agent by its role, a tool by its name, or a tenant. */
export type SwitchKey = Pick<SwitchTable, 'kind' | 'name'>;

/** A stopped role, tool or tenant. */
export interface StoppedSwitch extends SwitchKey {
  /** Shown to callers, and to the model. Absent: none. */
  readonly reason?: string;
  /** The id of the principal that stopped it. */
  readonly stopped_by: string;
  /** ISO 8601, UTC. */
  readonly stopped_at: string;
}

export function toSwitch({ reason, stopped_at, ...row }: SwitchTable): StoppedSwitch {
  return { ...row, ...(reason === null ? {} : { reason }), stopped_at: new Date(stopped_at).toISOString() };
}
