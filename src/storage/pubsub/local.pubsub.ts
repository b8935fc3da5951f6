import { Logger } from '@nestjs/common';
import { PubSub, type PubSubListener } from './pubsub.js';

/** A broadcast within one process. */
export class LocalPubSub extends PubSub {
  readonly isShared = false;
  readonly isConnected = true;
  readonly #logger = new Logger(LocalPubSub.name);
  readonly #topics = new Map<string, Set<PubSubListener>>();

  publish(topic: string, message: string, isVerified = true): void {
    for (const listener of this.#topics.get(topic) ?? []) {
      try {
        listener(message, isVerified);
      } catch (cause) {
        // A failing listener must not affect the publisher or the other listeners.
        this.#logger.error({ cause, topic, msg: 'a listener of a broadcast failed' });
      }
    }
  }

  subscribe(topic: string, listener: PubSubListener, onOpen?: () => void): () => void {
    // A listener may have several subscriptions.
    const subscription: PubSubListener = (message, isVerified) => listener(message, isVerified);
    const subscriptions = this.#topics.get(topic) ?? new Set();
    this.#topics.set(topic, subscriptions.add(subscription));
    onOpen?.();
    return () => {
      if (subscriptions.delete(subscription) && subscriptions.size === 0) this.#topics.delete(topic);
    };
  }

  /** No message is missed within one process. */
  onReconnect(): () => void {
    return () => undefined;
  }
}
