/** Tells every replica, this one included, soon or never: what matters is stored first, and found by reading it. */
export abstract class Broadcast {
  /** Tells the listeners of this replica at once, the others soon or never. Never throws. */
  abstract publish(topic: string, message: string): void;

  /**
   * Hears what is published under `topic` until the function that it returns is called.
   *
   * @param onOpen called once messages of other replicas come through. What was published before may have been
   * missed: read then what is stored. On one machine that is at once.
   */
  abstract subscribe(topic: string, listener: (message: string) => void, onOpen?: () => void): () => void;

  /**
   * Calls `listener` whenever messages may have been missed: the connection was away and is back. Ends when the
   * function that it returns is called.
   */
  abstract onGap(listener: () => void): () => void;

  /** Whether there may be other replicas at all. */
  abstract readonly isShared: boolean;

  /** Whether other replicas hear us, and we them. */
  abstract readonly isConnected: boolean;
}
