/** Identifies a session. */
export interface SessionKey {
  readonly tenant: string;
  readonly session_id: string;
}

/** A session that one run holds. No other run can append to it meanwhile. */
export interface AcquiredSession extends SessionKey {
  /** The position of the next message. */
  readonly nextPosition: number;
  /** Epoch milliseconds; undefined while the session has no turn yet. */
  readonly createdAt: number | undefined;
}
