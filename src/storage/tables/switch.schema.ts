/** The roles, tools and tenants that an operator has stopped. */
export interface SwitchTable {
  /** The kind of what is stopped. */
  kind: 'role' | 'tool' | 'tenant';
  /** The role of the agent, the name of the tool as the model reads it, or the tenant. */
  name: string;
  reason: string | null;
  /** The id of the principal that stopped it. */
  stopped_by: string;
  stopped_at: number;
}
