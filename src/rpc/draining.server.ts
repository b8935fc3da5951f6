/** A transport that replicas share, and that can leave new messages to the other replicas. */
export interface DrainingServer {
  /** Stops taking new messages. The server still answers the messages that it has taken. */
  drain(): void;
}

export function canDrain(server: unknown): server is DrainingServer {
  return typeof server === 'object' && server !== null && 'drain' in server && typeof server.drain === 'function';
}

/** Waits for a request to a broker, but at most `timeMs`: the broker may be unreachable. Never rejects. */
export async function within(timeMs: number, wanted: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, timeMs);
  await Promise.race([wanted.catch(() => undefined), late]);
  clearTimeout(timer);
}
