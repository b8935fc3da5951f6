/** A transport that other replicas may have too, and that can leave new messages to them. */
export interface DrainingServer {
  /** From now on. What it has taken it still answers. */
  drain(): void;
}

export function canDrain(server: unknown): server is DrainingServer {
  return typeof server === 'object' && server !== null && 'drain' in server && typeof server.drain === 'function';
}

/** Waits for what has been asked of a broker, but not for ever: it may be away. */
export async function within(timeMs: number, wanted: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeMs);
  await Promise.race([wanted.catch(() => undefined), late]);
  clearTimeout(timer);
}
