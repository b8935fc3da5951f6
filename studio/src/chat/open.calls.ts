import type { ChatRequestV2, ChatResponseV2, SessionDetailsV2 } from 'rookery/client';
import { storedTools } from './request.options';
import type { ToolPart, Turn } from './turn';

/** A call that a person makes, in place of a program. */
export type OpenCall = NonNullable<ChatResponseV2['pending_calls']>[number];
/** The result of a call. */
export type CallResult = NonNullable<ChatRequestV2['tool_results']>[number];

/** The calls with which the last completed run ended, and the request that brings their results. */
export interface OpenCalls {
  readonly calls: readonly OpenCall[];
  /** The request without the results. */
  readonly request: ChatRequestV2;
}

interface Asked {
  /** Undefined: no run has begun it. */
  readonly sessionId: string | undefined;
  readonly turns: readonly Turn[];
  /** The session before the turns of this page. */
  readonly session: SessionDetailsV2 | undefined;
}

/** The open calls of a session. A run that fails leaves them open. */
export function openCallsOf({ sessionId, turns, session }: Asked): OpenCalls | undefined {
  if (sessionId === undefined) return undefined;
  const last = turns.findLast(({ status }) => status === 'completed');
  const calls = last === undefined ? session?.pending_calls : last.response?.pending_calls;
  if (calls === undefined || calls.length === 0) return undefined;
  if (last !== undefined) return { calls, request: restOf(last.request) };
  const tools = storedTools();
  return { calls, request: { ...(session && { agent_role: session.agent_role }), ...(tools && { tools }) } };
}

/** The tools must be sent again, if the agent is to call them again. */
function restOf({ agent_role, temperature, output_schema, tools }: ChatRequestV2): ChatRequestV2 {
  return {
    ...(agent_role !== undefined && { agent_role }),
    ...(temperature !== undefined && { temperature }),
    ...(output_schema !== undefined && { output_schema }),
    ...(tools !== undefined && { tools }),
  };
}

/** The calls with what they have given, as the next turn shows them. */
export function answered(calls: readonly OpenCall[], results: readonly CallResult[]): readonly ToolPart[] {
  return calls.map(({ call_id: callId, tool, arguments: text }) => {
    const result = results.find(({ call_id }) => call_id === callId);
    const { output, error } = result ?? { error: 'No result. The agent goes on without it.' };
    return { kind: 'tool', callId, tool, arguments: parsedOr(text), output, error };
  });
}

/** The results of a request whose calls this page no longer knows. */
export function resultsOf({ tool_results: results = [] }: ChatRequestV2): readonly ToolPart[] {
  return results.map(({ call_id: callId, output, error }) => {
    return { kind: 'tool', callId, tool: callId, arguments: undefined, output, error };
  });
}

/** JSON as its value, and any other text as it is. */
export function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
