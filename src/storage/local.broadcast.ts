import { Broadcast } from './broadcast.js';

type Listener = (message: string) => void;

/** Within one process: at once, and nothing is ever missed. */
export class LocalBroadcast extends Broadcast {
  readonly isConnected = true;
  readonly isShared = false;
  readonly #listeners = new Map<string, Set<Listener>>();

  publish(topic: string, message: string): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(message);
  }

  subscribe(topic: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) this.#listeners.delete(topic);
    };
  }

  onGap(): () => void {
    return () => undefined;
  }
}
