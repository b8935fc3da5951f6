/** The chats and streams that wait for their session. Their rows in `runs` do not exist yet. */
export interface SessionWaiterTable {
  run_id: string;
  tenant: string;
  session_id: string;
  created_at: number;
  /** The replica whose caller waits. */
  owner: string;
  /** The end user of the run; an empty text: none; null: stored by an older replica. */
  end_user: string | null;
}
