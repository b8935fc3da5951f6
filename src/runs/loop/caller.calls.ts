import type { ModelReply, ModelTool, ModelToolCall } from '../../models/language.model.js';
import { objectText } from '../../models/tool.arguments.js';
import type { ShapedReply } from '../run.js';
import { MAX_RESULTS } from '../request/request.faults.js';
import type { AgentExecution } from './agent.execution.js';
import { guard } from './guard.js';
import { MAX_ARGUMENT_CHARS, type NumberedCall } from './tools/tool.invoker.js';
import { offeredTools } from './turn.request.js';

const CUT_CALL =
  'The answer was cut at its output limit, so the calls in it may be incomplete. They were not made. Be briefer.';
const INEXACT_CALL =
  'The arguments have an integer that cannot be read exactly. The call was not made. Send the integer as a string.';
const FAULTY_CALL = `The arguments must be a JSON object of at most ${MAX_ARGUMENT_CHARS} characters. The call was not made.`;

/** The calls of a turn. */
interface PlannedCalls {
  /** The service makes or refuses these. */
  readonly own: readonly NumberedCall[];
  /** The caller makes these after the run. */
  readonly pending: readonly ModelToolCall[];
}

/** Decides who makes the calls of a turn, and which of them are refused. */
export function plannedCalls(
  execution: AgentExecution,
  step: string,
  reply: ModelReply,
  delegates: readonly ModelTool[],
): PlannedCalls {
  const { toolCalls = [] } = reply;
  if (toolCalls.length === 0) return { own: [], pending: [] };
  const callers = new Set(execution.settings?.tools?.map(({ name }) => name));
  const offered = offeredNames(execution, delegates);
  const numbered = toolCalls.map((call, index) => ({
    call,
    step: `${step}.${index}`,
    refusal: refusalOf(execution, call, {
      index,
      isCut: reply.isTruncated,
      offered,
      isCallers: callers.has(call.name),
    }),
  }));
  const isPending = ({ call, refusal }: NumberedCall): boolean => refusal === undefined && callers.has(call.name);
  return {
    own: numbered.filter((each) => !isPending(each)),
    pending: numbered.filter(isPending).map(({ call: { callId, name, arguments: text } }) => ({
      callId,
      name,
      arguments: objectText(text) ?? '{}',
    })),
  };
}

/** The answer of a run that ends with calls of the caller. */
export async function endWithCalls(
  execution: AgentExecution,
  reply: ModelReply,
  pending: readonly ModelToolCall[],
): Promise<ShapedReply> {
  const { run, agent } = execution;
  if (reply.text !== '') {
    await guard(execution, 'checkOutput', reply.text);
    if (agent !== run.agent) await guard({ run, agent: run.agent }, 'checkOutput', reply.text);
  }
  return { ...reply, pending };
}

/** The names of the tools that may be called; undefined: all. */
function offeredNames(execution: AgentExecution, delegates: readonly ModelTool[]): ReadonlySet<string> | undefined {
  if (execution.settings?.tool_choice === undefined) return undefined;
  const { tools, choice } = offeredTools(execution, delegates);
  return new Set(choice === 'none' ? [] : tools.map(({ name }) => name));
}

/** A call within its turn. */
interface CallPlace {
  readonly index: number;
  /** The output limit cut the turn. */
  readonly isCut: boolean;
  /** The tools that may be called; undefined: all. */
  readonly offered: ReadonlySet<string> | undefined;
  /** Whether it calls a tool of the caller. */
  readonly isCallers: boolean;
}

/** Why the call is not made; undefined if it is. */
function refusalOf(
  execution: AgentExecution,
  { name, arguments: text, isInexact = false }: ModelToolCall,
  turn: CallPlace,
): string | undefined {
  if (turn.isCut) return CUT_CALL;
  if (isInexact) return INEXACT_CALL;
  // The next run could not bring the results of more.
  if (turn.isCallers && turn.index >= MAX_RESULTS) return `At most ${MAX_RESULTS} calls can be made in a turn.`;
  if (turn.offered?.has(name) === false) return 'This tool may not be called now.';
  if (turn.isCallers && (text.length > MAX_ARGUMENT_CHARS || objectText(text) === undefined)) return FAULTY_CALL;
  const most = execution.settings?.max_tool_calls ?? Infinity;
  return ++execution.callCount > most ? `At most ${most} calls of tools can be made in this run.` : undefined;
}
