/** Who calls: every row belongs to its tenant, every limit to its id. */
export interface Principal {
  readonly tenant: string;
  /** Names the caller within limits and logs; never a secret. */
  readonly id: string;
}

/** The principal of a service without authentication: one tenant, told apart by network address. */
export function anonymous(address: string): Principal {
  return { tenant: 'default', id: `ip:${address}` };
}

/** Code of the host that calls the engine directly, on nobody's behalf. */
export const HOST_PRINCIPAL: Principal = { tenant: 'default', id: 'host' };
