/**
 * The messages that a forked session has inherited from another one. The database erases the row with either session. It
 * erases the newer rows too, so that a summary goes with any session that it is about.
 */
export interface SessionSourceTable {
  tenant: string;
  /** The fork. */
  session_id: string;
  /** The session with the messages. */
  source_id: string;
  /** The source of the older messages before these; null: none. */
  after_id: string | null;
  /** The messages have the same positions in the fork. */
  from_position: number;
  until_position: number;
  /** The last run whose messages are inherited. */
  run_id: string;
  /** The summary of the fork, on its newest source; null: none. */
  summary: string | null;
  /** The position of the first message that the summary does not cover. */
  summary_until: number | null;
}
