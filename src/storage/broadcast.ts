/** Tells every replica, this one included, soon or never: what matters is stored first, and found by reading it. */
export abstract class Broadcast {
  /** Never throws: what cannot be told is dropped. */
  abstract publish(topic: string, message: string): void;
  /** Returns what ends it. */
  abstract subscribe(topic: string, listener: (message: string) => void): () => void;
  /** Calls back after messages may have been missed: the connection was away and is back. */
  abstract onGap(listener: () => void): () => void;
  abstract readonly isConnected: boolean;
  /** There are other replicas to tell. */
  abstract readonly isShared: boolean;
}
