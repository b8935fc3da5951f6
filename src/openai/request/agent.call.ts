import type { RunRequest } from '../../runs/events/run.events.js';
import type { TranscriptMessage } from '../../runs/request/transcript.messages.js';

/** A request to an agent, in the terms of runs. */
export interface AgentCall {
  readonly agent_role: string;
  readonly messages: readonly TranscriptMessage[];
  readonly settings: Pick<
    RunRequest,
    | 'instructions'
    | 'temperature'
    | 'top_p'
    | 'max_output_tokens'
    | 'max_tool_calls'
    | 'parallel_tool_calls'
    | 'tools'
    | 'tool_choice'
    | 'reasoning_effort'
    | 'reasoning_summary'
    | 'output_schema'
    | 'metadata'
    | 'store'
  >;
}

/** Converts a call to a request for a run. */
export function toRunRequest({ messages, agent_role, settings }: AgentCall): RunRequest {
  return { messages, ...settings, agent_role };
}
