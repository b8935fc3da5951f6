import type { Redis } from 'ioredis';

/** How often a connection is asked whether it is alive. */
export const HEARTBEAT_MS = 500;
/** Beats without an answer until a connection is given up. */
const PATIENCE = 1;

/** Gives up a connection that no longer answers; TCP alone may take a quarter of an hour to notice. */
export class RedisHeartbeat {
  #unanswered = 0;

  constructor(private readonly client: Redis) {
    client.on('ready', () => (this.#unanswered = 0));
  }

  beat(): void {
    const { status } = this.client;
    if (status !== 'ready' && status !== 'connect') return;
    if (this.#unanswered > PATIENCE) {
      this.#unanswered = 0;
      this.client.disconnect(true);
      return;
    }
    if (this.#unanswered++ === 0 && status === 'ready') this.#ask();
  }

  #ask(): void {
    this.client.ping().then(
      () => (this.#unanswered = 0),
      // It was closed, and the next one is asked anew.
      () => undefined,
    );
  }
}
