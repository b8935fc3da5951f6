import type { MessagePart } from '../../models/message.parts.js';
import type { RunRequest } from '../../runs/events/run.events.js';
import { inputOf } from '../../runs/run.input.js';
import { unsupported } from './field.rules.js';

/** A message of the conversation that a client sends. */
export type CallMessage =
  | { readonly role: 'system' | 'developer'; readonly content: string }
  | { readonly role: 'user'; readonly content: string | readonly MessagePart[] }
  | { readonly role: 'assistant'; readonly content?: string; readonly tool_calls?: readonly MadeCall[] }
  | { readonly role: 'tool'; readonly call_id: string; readonly output: string };

/** A call of a function that the model has made. */
interface MadeCall {
  readonly call_id: string;
  readonly tool: string;
  /** As JSON. */
  readonly arguments: string;
}

/** A request to an agent, in the terms of runs. */
export interface AgentCall {
  readonly agent_role: string;
  readonly messages: readonly CallMessage[];
  readonly settings: CallSettings;
}

/** The settings of a run that a client may choose. */
type CallSettings = Pick<
  RunRequest,
  | 'instructions'
  | 'temperature'
  | 'top_p'
  | 'max_output_tokens'
  | 'max_tool_calls'
  | 'parallel_tool_calls'
  | 'tool_choice'
  | 'reasoning_effort'
  | 'output_schema'
  | 'metadata'
>;

/**
 * Converts a call to a request for a run. Instructions of the system or developer follow those of the agent.
 *
 * @throws OpenAIRefusal `unsupported_parameter`
 */
export function toRunRequest({ messages, agent_role, settings }: AgentCall, param: 'input' | 'messages'): RunRequest {
  const asked = messages.filter(({ role }) => role !== 'system' && role !== 'developer');
  const rules = messages.flatMap((each) => (each.role === 'system' || each.role === 'developer' ? [each.content] : []));
  const [message] = asked;
  if (asked.length !== 1 || message?.role !== 'user') throw unsupported(param, 'Send one message of the user.');
  const instructions = [settings.instructions, ...rules].filter(Boolean).join('\n\n') || undefined;
  return { ...inputOf(message.content), ...settings, agent_role, instructions };
}
