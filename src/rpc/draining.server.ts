import { within } from '../async/within.js';

/** Time limit for the last answers at shutdown. */
const LAST_ANSWERS_MS = 1000;

/** A transport that replicas share, and that can leave new messages to the other replicas. */
export interface DrainingServer {
  /** Stops taking new messages. The server still answers the messages that it has taken. */
  drain(): void;
}

export function canDrain(server: unknown): server is DrainingServer {
  return typeof server === 'object' && server !== null && 'drain' in server && typeof server.drain === 'function';
}

/** Waits for the last request to a broker, which may be unreachable. Never rejects. */
export async function settleLast(request: Promise<unknown>): Promise<void> {
  await within(LAST_ANSWERS_MS, request).catch(() => undefined);
}
