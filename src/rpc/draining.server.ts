/** A transport that other replicas may have too, and that can leave new messages to them. */
export interface DrainingServer {
  /** From now on. What it has taken it still answers. */
  drain(): void;
}

export function canDrain(server: unknown): server is DrainingServer {
  return typeof server === 'object' && server !== null && 'drain' in server && typeof server.drain === 'function';
}
