/**
 * Receives the messages of a topic.
 *
 * @param isVerified whether a replica with the secret of the database published it. Otherwise it is a hint from anyone
 * who reaches Redis, or from a replica of an older release: act only on what the database says.
 */
export type PubSubListener = (message: string, isVerified: boolean) => void;

/**
 * Best-effort publish and subscribe among replicas, this one included. Messages may be lost: important data is stored
 * first, and found by reading it.
 */
export abstract class PubSub {
  /** Calls the listeners of this replica at once. Other replicas may get the message later, or never. Never throws. */
  abstract publish(topic: string, message: string): void;

  /**
   * Calls `listener` with each message under `topic` until the returned function is called.
   *
   * @param onOpen called once messages of other replicas arrive. Earlier messages may have been missed: read the stored
   * state then. Within one process it is called at once.
   */
  abstract subscribe(topic: string, listener: PubSubListener, onOpen?: () => void): () => void;

  /**
   * Calls `listener` whenever messages may have been missed: the connection was lost and is back. The returned function
   * ends it.
   */
  abstract onReconnect(listener: () => void): () => void;

  /** Whether other replicas may exist. */
  abstract readonly isShared: boolean;

  /** Whether messages reach other replicas, and theirs reach this one. */
  abstract readonly isConnected: boolean;
}
