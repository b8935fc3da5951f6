import { Logger } from '@nestjs/common';
import { Broadcast } from './broadcast.js';

/** A listener once for each time that it subscribed. */
interface Subscription {
  readonly listener: (message: string) => void;
}

/** Among the listeners of one process. */
export class LocalBroadcast extends Broadcast {
  readonly isShared = false;
  readonly isConnected = true;
  readonly #logger = new Logger(LocalBroadcast.name);
  readonly #topics = new Map<string, Set<Subscription>>();

  publish(topic: string, message: string): void {
    const subscriptions = this.#topics.get(topic);
    if (subscriptions === undefined) return;
    for (const { listener } of subscriptions) {
      try {
        listener(message);
      } catch (cause) {
        // Neither the publisher nor the other listeners can help it.
        this.#logger.error({ cause, topic, msg: 'a listener of a broadcast failed' });
      }
    }
  }

  subscribe(topic: string, listener: (message: string) => void, onOpen?: () => void): () => void {
    const subscription = { listener };
    const subscriptions = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, subscriptions.add(subscription));
    onOpen?.();
    return () => {
      if (subscriptions.delete(subscription) && subscriptions.size === 0) this.#topics.delete(topic);
    };
  }

  /** Nothing is ever missed. */
  onGap(): () => void {
    return () => undefined;
  }
}
