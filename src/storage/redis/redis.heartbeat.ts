import type { Redis } from 'ioredis';

/** Interval at which each connection is checked. */
export const HEARTBEAT_MS = 500;
/** Beats without an answer before a connection is closed. */
const MAX_UNANSWERED = 1;

/**
 * Closes a connection that no longer answers, so that it reconnects. TCP alone may take a quarter of an hour to notice.
 */
export class RedisHeartbeat {
  #unanswered = 0;

  constructor(private readonly client: Redis) {
    client.on('ready', () => (this.#unanswered = 0));
  }

  ping(): void {
    const { status } = this.client;
    if (status !== 'ready' && status !== 'connect') return;
    if (this.#unanswered > MAX_UNANSWERED) {
      this.#unanswered = 0;
      this.client.disconnect(true);
      return;
    }
    if (this.#unanswered++ > 0 || status !== 'ready') return;
    this.client.ping().then(
      () => (this.#unanswered = 0),
      // The connection was closed; the next one is pinged again.
      () => undefined,
    );
  }
}
