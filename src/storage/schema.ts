/** The tables. Portable types only: text ids, times as epoch milliseconds, JSON as text. */
export interface Schema {
  sessions: SessionTable;
  messages: MessageTable;
  summaries: SummaryTable;
  runs: RunTable;
}

export interface SessionTable {
  tenant: string;
  session_id: string;
  /** The role of its last run. */
  agent_role: string;
  message_count: number;
  created_at: number;
  updated_at: number;
}

export interface MessageTable {
  message_id: string;
  tenant: string;
  session_id: string;
  /** Place in the session: 0, 1, 2 … */
  position: number;
  run_id: string;
  role: 'user' | 'assistant' | 'tool';
  content: string;
  tool: string | null;
  call_id: string | null;
  /** What an assistant's message has called: ModelToolCall[] as JSON. */
  tool_calls: string | null;
  /** Estimated size, so that a window of history is chosen without counting again. */
  tokens: number;
  created_at: number;
}

/** What was said before `until_position`, in short. It goes with its session. */
export interface SummaryTable {
  tenant: string;
  session_id: string;
  content: string;
  until_position: number;
  updated_at: number;
}

export interface RunTable {
  run_id: string;
  tenant: string;
  session_id: string;
  agent_role: string;
  status: 'completed' | 'failed' | 'cancelled';
  model: string;
  input_tokens: number;
  output_tokens: number;
  error: string | null;
  created_at: number;
  finished_at: number;
}
