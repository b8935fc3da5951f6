import type { MessagePart } from '../../models/message.parts.js';
import type { RunMetadata, RunRequest } from '../../runs/events/run.events.js';
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
  readonly temperature: number | undefined;
  readonly output_schema: object | undefined;
  readonly metadata: RunMetadata | undefined;
}

/** Converts a call to a request for a run. @throws OpenAIRefusal `unsupported_parameter` */
export function toRunRequest({ messages, ...call }: AgentCall, param: 'input' | 'messages'): RunRequest {
  const [message] = messages;
  if (messages.length === 1 && message?.role === 'user') return { ...inputOf(message.content), ...call };
  throw unsupported(param, 'Send one message of the user.');
}
