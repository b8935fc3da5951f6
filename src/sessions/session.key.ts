/** Identifies a session. */
export interface SessionKey {
  readonly tenant: string;
  readonly session_id: string;
}
